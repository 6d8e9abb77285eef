-- Places elsewhere that workspaces keep under names, with what opens each: it has to be readable to sign with.
CREATE TABLE storages (
  id INTEGER PRIMARY KEY,
  workspace_id INTEGER NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('s3', 'ftp')),
  -- What was said of it; NULL for what it is without a word.
  endpoint TEXT,
  region TEXT,
  bucket TEXT,
  style TEXT CHECK (style IN ('path', 'host')),
  needs_tls INTEGER NOT NULL CHECK (needs_tls IN (0, 1)),
  -- What may be shown of whom it is opened as.
  hint TEXT NOT NULL,
  credentials TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  changed_at INTEGER NOT NULL,
  UNIQUE (workspace_id, name)
) STRICT;
