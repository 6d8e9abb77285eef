-- Files from elsewhere, files laid over others, archives of outputs, batches and presets.

ALTER TABLE jobs ADD COLUMN archive TEXT CHECK (archive IN ('zip'));
ALTER TABLE inputs ADD COLUMN role TEXT NOT NULL DEFAULT 'source' CHECK (role IN ('source', 'overlay'));

-- Only files that are still to be fetched have a row here; a server that died begins with them again.
CREATE TABLE downloads (
  input_id INTEGER PRIMARY KEY REFERENCES inputs (id) ON DELETE CASCADE,
  job_id INTEGER NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
  workspace_id INTEGER NOT NULL,
  most_bytes INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'running'))
) STRICT;

CREATE INDEX downloads_waiting ON downloads (workspace_id, input_id) WHERE state = 'waiting';
CREATE INDEX downloads_running ON downloads (workspace_id) WHERE state = 'running';
CREATE INDEX downloads_by_job ON downloads (job_id);

ALTER TABLE batches ADD COLUMN canceled INTEGER NOT NULL DEFAULT 0;
ALTER TABLE batches ADD COLUMN key_id INTEGER REFERENCES keys (id) ON DELETE SET NULL;
ALTER TABLE batches ADD COLUMN error_message TEXT;
-- The job that packs the outputs of a batch into one file; they are its inputs from then on.
ALTER TABLE batches ADD COLUMN archive_job_id INTEGER REFERENCES jobs (id) ON DELETE SET NULL;

CREATE INDEX batches_by_archive_job ON batches (archive_job_id) WHERE archive_job_id IS NOT NULL;
CREATE INDEX batches_by_key ON batches (key_id) WHERE key_id IS NOT NULL;
CREATE INDEX batches_finished ON batches (finished_at) WHERE finished_at IS NOT NULL;

CREATE TABLE presets (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  workspace_id INTEGER NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  target_format TEXT NOT NULL,
  options TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  UNIQUE (workspace_id, name)
) STRICT;
