-- What a job has to know and nobody may see, such as the password of a file: erased with the end of the job.
CREATE TABLE secrets (
  job_id INTEGER NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (job_id, name)
) STRICT, WITHOUT ROWID;
