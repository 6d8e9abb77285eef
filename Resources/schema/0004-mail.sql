-- A delivery may belong to no workspace: mail to people about their access. SQLite changes no column, so the table is
-- made anew, and with it the one whose rows would go with those of the old.

CREATE TABLE new_deliveries (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  workspace_id INTEGER REFERENCES workspaces (id) ON DELETE CASCADE,
  job_id INTEGER REFERENCES jobs (id) ON DELETE SET NULL,
  batch_id INTEGER REFERENCES batches (id) ON DELETE SET NULL,
  endpoint_id INTEGER REFERENCES endpoints (id) ON DELETE SET NULL,
  replay_of INTEGER REFERENCES new_deliveries (id) ON DELETE SET NULL,
  event_id TEXT NOT NULL,
  event TEXT NOT NULL,
  style TEXT NOT NULL,
  -- The public identifier of the job, which outlives its row.
  request_id TEXT,
  url TEXT NOT NULL,
  -- Host and port of the URL: what is limited together.
  host TEXT NOT NULL,
  secret TEXT,
  body BLOB NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'delivered', 'failed')),
  attempts INTEGER NOT NULL DEFAULT 0,
  next_attempt_at INTEGER,
  last_error TEXT,
  created_at INTEGER NOT NULL,
  finished_at INTEGER
) STRICT;

INSERT INTO new_deliveries SELECT * FROM deliveries;

CREATE TABLE new_attempts (
  id INTEGER PRIMARY KEY,
  delivery_id INTEGER NOT NULL REFERENCES new_deliveries (id) ON DELETE CASCADE,
  number INTEGER NOT NULL,
  started_at INTEGER NOT NULL,
  milliseconds INTEGER NOT NULL,
  status INTEGER,
  error TEXT,
  response BLOB
) STRICT;

INSERT INTO new_attempts SELECT * FROM attempts;

-- No number may be given out twice, not even that of a row that has gone.
UPDATE sqlite_sequence
SET seq = (SELECT seq FROM sqlite_sequence WHERE name = 'deliveries')
WHERE name = 'new_deliveries' AND EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'deliveries');

DROP TABLE attempts;
DROP TABLE deliveries;
ALTER TABLE new_deliveries RENAME TO deliveries;
ALTER TABLE new_attempts RENAME TO attempts;

-- By host, so that the thousands that wait for a dead one are passed over in one step.
CREATE INDEX deliveries_due ON deliveries (host, next_attempt_at, id) WHERE state = 'waiting';
CREATE INDEX deliveries_failed ON deliveries (id) WHERE state = 'failed';
CREATE INDEX deliveries_finished ON deliveries (finished_at) WHERE finished_at IS NOT NULL;
CREATE INDEX deliveries_by_job ON deliveries (job_id, id) WHERE job_id IS NOT NULL;
CREATE INDEX deliveries_by_batch ON deliveries (batch_id) WHERE batch_id IS NOT NULL;
CREATE INDEX deliveries_by_endpoint ON deliveries (endpoint_id) WHERE endpoint_id IS NOT NULL;
CREATE INDEX deliveries_by_original ON deliveries (replay_of) WHERE replay_of IS NOT NULL;
CREATE INDEX deliveries_by_workspace ON deliveries (workspace_id, id);
CREATE INDEX attempts_by_delivery ON attempts (delivery_id, number);
