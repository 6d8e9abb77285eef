-- What an input is and when it came and changed, where that is not as its job says.
ALTER TABLE inputs ADD COLUMN format TEXT;
ALTER TABLE inputs ADD COLUMN created_at INTEGER;
ALTER TABLE inputs ADD COLUMN changed_at INTEGER;

-- The tasks of a job that has several, or one of only some of its files. Every other job is its own only task, so that
-- nothing has to be read beside its row.
CREATE TABLE tasks (
  job_id INTEGER NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  conversion_type TEXT NOT NULL,
  target_format TEXT NOT NULL,
  options TEXT NOT NULL,
  -- The positions of the inputs that it is over, with spaces between them; NULL for all of them.
  inputs TEXT,
  PRIMARY KEY (job_id, position)
) STRICT, WITHOUT ROWID;

-- Which of the tables beside it have rows of a job that has more than most.
ALTER TABLE jobs ADD COLUMN extras INTEGER;

-- The position of the task that an output was made by; NULL for the first.
ALTER TABLE outputs ADD COLUMN task INTEGER;
