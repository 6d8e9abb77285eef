-- What a job had made whose files are gone by now.
CREATE TABLE past_outputs (
  job_id INTEGER NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  file_name TEXT NOT NULL,
  size INTEGER NOT NULL,
  PRIMARY KEY (job_id, position)
) STRICT, WITHOUT ROWID;

-- How full the disk was in each hour, to say when it will be full.
CREATE TABLE disk_samples (
  hour INTEGER PRIMARY KEY,
  free_bytes INTEGER NOT NULL,
  total_bytes INTEGER NOT NULL
) STRICT;
