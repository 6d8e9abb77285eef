-- Times are milliseconds since 1970 (UTC). Public identifiers are a keyed permutation of the row numbers, so no table
-- keeps them. Large tables are keyed by a number that grows with time: a new row lands beside the last one.

CREATE TABLE plans (
  name TEXT PRIMARY KEY,
  position INTEGER NOT NULL,
  allows_async INTEGER NOT NULL CHECK (allows_async IN (0, 1)),
  allows_batches INTEGER NOT NULL CHECK (allows_batches IN (0, 1)),
  allows_mail INTEGER NOT NULL CHECK (allows_mail IN (0, 1)),
  allows_webhooks INTEGER NOT NULL CHECK (allows_webhooks IN (0, 1)),
  allows_jobs_api INTEGER NOT NULL CHECK (allows_jobs_api IN (0, 1)),
  reads_per_minute INTEGER CHECK (reads_per_minute > 0),
  writes_per_minute INTEGER CHECK (writes_per_minute > 0),
  jobs_per_month INTEGER CHECK (jobs_per_month > 0)
) STRICT, WITHOUT ROWID;

-- A limit that is NULL does not apply.
INSERT INTO plans VALUES
  ('free', 1, 0, 0, 0, 0, 0, 60, 20, 1000),
  ('starter', 2, 1, 1, 1, 0, 0, 300, 60, 10000),
  ('pro', 3, 1, 1, 1, 1, 1, 600, 120, 50000),
  ('enterprise', 4, 1, 1, 1, 1, 1, NULL, NULL, NULL);

CREATE TABLE workspaces (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  slug TEXT NOT NULL UNIQUE CHECK (length(slug) BETWEEN 1 AND 63),
  name TEXT NOT NULL,
  owner TEXT,
  plan TEXT NOT NULL REFERENCES plans (name),
  state TEXT NOT NULL CHECK (state IN ('pending', 'approved', 'suspended')),
  retention INTEGER CHECK (retention > 0),
  sends_mail INTEGER NOT NULL DEFAULT 1 CHECK (sends_mail IN (0, 1)),
  last_job_number INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE keys (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  workspace_id INTEGER NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
  hash BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),
  hint TEXT NOT NULL,
  name TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('secret', 'public')),
  may_read INTEGER NOT NULL DEFAULT 1 CHECK (may_read IN (0, 1)),
  may_submit INTEGER NOT NULL DEFAULT 1 CHECK (may_submit IN (0, 1)),
  webhook_secret TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  last_used_at INTEGER,
  expires_at INTEGER,
  revoked_at INTEGER
) STRICT;

CREATE INDEX keys_by_workspace ON keys (workspace_id);

CREATE TABLE batches (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  workspace_id INTEGER NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
  dialect TEXT NOT NULL,
  mode TEXT NOT NULL CHECK (mode IN ('individual', 'zip')),
  status TEXT NOT NULL CHECK (status IN ('processing', 'completed', 'partial', 'failed', 'canceled')),
  total INTEGER NOT NULL CHECK (total >= 0),
  completed INTEGER NOT NULL DEFAULT 0,
  failed INTEGER NOT NULL DEFAULT 0,
  webhook_url TEXT,
  webhook_secret TEXT,
  notification_email TEXT,
  created_at INTEGER NOT NULL,
  finished_at INTEGER
) STRICT;

CREATE INDEX batches_by_workspace ON batches (workspace_id, id);

CREATE TABLE jobs (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  workspace_id INTEGER NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
  number INTEGER NOT NULL,
  key_id INTEGER REFERENCES keys (id) ON DELETE SET NULL,
  batch_id INTEGER REFERENCES batches (id) ON DELETE SET NULL,
  dialect TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN
    ('incomplete', 'downloading', 'pending', 'processing', 'completed', 'failed', 'canceled')),
  conversion_type TEXT NOT NULL,
  source_format TEXT NOT NULL,
  target_format TEXT NOT NULL,
  options TEXT NOT NULL DEFAULT '{}',
  idempotency_key TEXT,
  webhook_url TEXT,
  webhook_secret TEXT,
  notification_email TEXT,
  dialect_data TEXT,
  attempts INTEGER NOT NULL DEFAULT 0,
  error_code TEXT,
  error_message TEXT,
  created_at INTEGER NOT NULL,
  started_at INTEGER,
  finished_at INTEGER,
  run_milliseconds INTEGER NOT NULL DEFAULT 0,
  files_expired_at INTEGER
) STRICT;

CREATE INDEX jobs_by_workspace ON jobs (workspace_id, id);
-- Few jobs are in any other state than completed, so a list by state stays short to search however many jobs there are.
CREATE INDEX jobs_not_completed ON jobs (workspace_id, status, id) WHERE status <> 'completed';
CREATE INDEX jobs_by_key ON jobs (key_id) WHERE key_id IS NOT NULL;
CREATE INDEX jobs_by_batch ON jobs (batch_id) WHERE batch_id IS NOT NULL;
CREATE INDEX jobs_with_files ON jobs (workspace_id, finished_at) WHERE finished_at IS NOT NULL AND files_expired_at IS NULL;
CREATE INDEX jobs_without_files ON jobs (files_expired_at) WHERE files_expired_at IS NOT NULL;

CREATE TABLE inputs (
  id INTEGER PRIMARY KEY,
  job_id INTEGER NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('upload', 'url', 'base64', 'output')),
  source TEXT,
  file_name TEXT NOT NULL,
  blob TEXT,
  size INTEGER,
  sha256 BLOB,
  status TEXT NOT NULL CHECK (status IN ('downloading', 'ready', 'failed')),
  error_message TEXT
) STRICT;

CREATE INDEX inputs_by_job ON inputs (job_id, position);

CREATE TABLE outputs (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  job_id INTEGER NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
  input_id INTEGER REFERENCES inputs (id) ON DELETE SET NULL,
  position INTEGER NOT NULL,
  file_name TEXT NOT NULL,
  blob TEXT NOT NULL,
  media_type TEXT NOT NULL,
  size INTEGER NOT NULL,
  sha256 BLOB NOT NULL,
  width INTEGER,
  height INTEGER,
  downloads INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL
) STRICT;

-- Whatever refers to a row that is deleted needs an index, or each deletion reads the whole table.
CREATE INDEX outputs_by_input ON outputs (input_id) WHERE input_id IS NOT NULL;
CREATE INDEX outputs_by_job ON outputs (job_id, position);

-- Only jobs that wait or run have a row here, so claiming stays as quick with ten million finished jobs as with none.
CREATE TABLE queue (
  job_id INTEGER PRIMARY KEY REFERENCES jobs (id) ON DELETE CASCADE,
  workspace_id INTEGER NOT NULL,
  -- A delayed job waits for its time; what is waiting may be taken now.
  state TEXT NOT NULL CHECK (state IN ('waiting', 'delayed', 'running')),
  ready_at INTEGER NOT NULL,
  attempt INTEGER NOT NULL DEFAULT 0,
  boot_id TEXT,
  worker_deaths INTEGER NOT NULL DEFAULT 0,
  faults INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE INDEX queue_waiting ON queue (workspace_id, job_id) WHERE state = 'waiting';
CREATE INDEX queue_delayed ON queue (ready_at) WHERE state = 'delayed';
CREATE INDEX queue_running ON queue (workspace_id, boot_id) WHERE state = 'running';

CREATE TABLE events (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  workspace_id INTEGER NOT NULL,
  job_id INTEGER REFERENCES jobs (id) ON DELETE CASCADE,
  batch_id INTEGER REFERENCES batches (id) ON DELETE CASCADE,
  kind TEXT NOT NULL CHECK (kind IN ('submitted', 'started', 'progress', 'completed', 'failed', 'canceled')),
  detail TEXT NOT NULL DEFAULT '{}',
  created_at INTEGER NOT NULL
) STRICT;

CREATE INDEX events_by_job ON events (job_id, id);
CREATE INDEX events_by_batch ON events (batch_id, id) WHERE batch_id IS NOT NULL;

CREATE TABLE endpoints (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  workspace_id INTEGER NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
  url TEXT NOT NULL,
  style TEXT NOT NULL,
  events TEXT NOT NULL,
  secret TEXT NOT NULL,
  previous_secret TEXT,
  previous_secret_until INTEGER,
  state TEXT NOT NULL CHECK (state IN ('enabled', 'disabled')),
  failing_since INTEGER,
  created_at INTEGER NOT NULL
) STRICT;

CREATE INDEX endpoints_by_workspace ON endpoints (workspace_id);

CREATE TABLE deliveries (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  workspace_id INTEGER NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
  job_id INTEGER REFERENCES jobs (id) ON DELETE SET NULL,
  batch_id INTEGER REFERENCES batches (id) ON DELETE SET NULL,
  endpoint_id INTEGER REFERENCES endpoints (id) ON DELETE SET NULL,
  replay_of INTEGER REFERENCES deliveries (id) ON DELETE SET NULL,
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

-- By host, so that the thousands that wait for a dead one are passed over in one step.
CREATE INDEX deliveries_due ON deliveries (host, next_attempt_at, id) WHERE state = 'waiting';
CREATE INDEX deliveries_failed ON deliveries (id) WHERE state = 'failed';
CREATE INDEX deliveries_finished ON deliveries (finished_at) WHERE finished_at IS NOT NULL;
CREATE INDEX deliveries_by_job ON deliveries (job_id, id) WHERE job_id IS NOT NULL;
CREATE INDEX deliveries_by_batch ON deliveries (batch_id) WHERE batch_id IS NOT NULL;
CREATE INDEX deliveries_by_endpoint ON deliveries (endpoint_id) WHERE endpoint_id IS NOT NULL;
CREATE INDEX deliveries_by_original ON deliveries (replay_of) WHERE replay_of IS NOT NULL;
CREATE INDEX deliveries_by_workspace ON deliveries (workspace_id, id);

CREATE TABLE attempts (
  id INTEGER PRIMARY KEY,
  delivery_id INTEGER NOT NULL REFERENCES deliveries (id) ON DELETE CASCADE,
  number INTEGER NOT NULL,
  started_at INTEGER NOT NULL,
  milliseconds INTEGER NOT NULL,
  status INTEGER,
  error TEXT,
  response BLOB
) STRICT;

CREATE INDEX attempts_by_delivery ON attempts (delivery_id, number);

-- Small and expiring, because clients choose the keys and so they land anywhere in the index.
CREATE TABLE idempotency (
  workspace_id INTEGER NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
  route TEXT NOT NULL,
  key TEXT NOT NULL,
  job_id INTEGER NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
  fingerprint BLOB NOT NULL CHECK (length(fingerprint) = 32),
  created_at INTEGER NOT NULL,
  PRIMARY KEY (workspace_id, route, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX idempotency_by_job ON idempotency (job_id);
CREATE INDEX idempotency_by_age ON idempotency (created_at);

-- Counters kept in the transactions that change what they count; nothing is ever counted by reading the jobs.
CREATE TABLE usage (
  workspace_id INTEGER NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
  period TEXT NOT NULL,
  origin TEXT NOT NULL CHECK (origin IN ('api', 'pages')),
  jobs INTEGER NOT NULL DEFAULT 0,
  files INTEGER NOT NULL DEFAULT 0,
  bytes INTEGER NOT NULL DEFAULT 0,
  milliseconds INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (workspace_id, period, origin)
) STRICT, WITHOUT ROWID;

CREATE TABLE counters (
  workspace_id INTEGER NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  value INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (workspace_id, name)
) STRICT, WITHOUT ROWID;

-- What an operator has turned on or off, and what must hold over a restart.
CREATE TABLE switches (
  name TEXT PRIMARY KEY,
  is_on INTEGER NOT NULL CHECK (is_on IN (0, 1))
) STRICT, WITHOUT ROWID;
