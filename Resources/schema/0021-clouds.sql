-- Files that live elsewhere. A secret of the job opens each place, under a name that says which: "input" or "target" and
-- the row.

-- Where it is fetched from when that is no address alone.
ALTER TABLE downloads ADD COLUMN place TEXT;

-- Where the outputs of a job go.
CREATE TABLE targets (
  id INTEGER PRIMARY KEY,
  job_id INTEGER NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  -- The position of the task whose outputs they are; NULL for those of all.
  task INTEGER,
  place TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('waiting', 'uploading', 'completed', 'failed')),
  message TEXT,
  UNIQUE (job_id, position)
) STRICT;

-- Only outputs that are still to be sent have a row here; a server that died begins with them again.
CREATE TABLE uploads (
  id INTEGER PRIMARY KEY,
  target_id INTEGER NOT NULL REFERENCES targets (id) ON DELETE CASCADE,
  job_id INTEGER NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
  workspace_id INTEGER NOT NULL,
  output_id INTEGER NOT NULL REFERENCES outputs (id) ON DELETE CASCADE,
  -- Its key or path.
  path TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'running')),
  created_at INTEGER NOT NULL,
  due_at INTEGER NOT NULL,
  -- Failures since something of it arrived last.
  failures INTEGER NOT NULL DEFAULT 0,
  -- What the store calls an upload in parts, and the tags of those that have arrived, one a line.
  parts_name TEXT,
  parts TEXT
) STRICT;

CREATE INDEX uploads_waiting ON uploads (workspace_id, due_at) WHERE state = 'waiting';
CREATE INDEX uploads_running ON uploads (workspace_id) WHERE state = 'running';
CREATE INDEX uploads_due ON uploads (due_at) WHERE state = 'waiting';
CREATE INDEX uploads_by_job ON uploads (job_id);
CREATE INDEX uploads_by_target ON uploads (target_id);
CREATE INDEX uploads_by_output ON uploads (output_id);
