-- What the downloads of a job may be opened with: only a code over each, made with the server's own key.
CREATE TABLE download_passwords (
  job_id INTEGER NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
  code BLOB NOT NULL CHECK (length(code) = 32),
  PRIMARY KEY (job_id, code)
) STRICT, WITHOUT ROWID;
