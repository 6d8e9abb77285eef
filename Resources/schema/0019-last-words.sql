-- What a program of others printed last that a job has failed by, for operators alone; most jobs have none.
CREATE TABLE last_words (
  job_id INTEGER PRIMARY KEY REFERENCES jobs (id) ON DELETE CASCADE,
  text TEXT NOT NULL
) STRICT;
