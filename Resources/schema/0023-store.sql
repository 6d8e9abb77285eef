-- Files of a workspace that stay until they are deleted, and the folders that they are in.
CREATE TABLE folders (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  workspace_id INTEGER NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
  -- NULL for one that is in no other.
  parent_id INTEGER REFERENCES folders (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  -- What people tell it apart by at a glance.
  color TEXT,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;

CREATE INDEX folders_by_name ON folders (workspace_id, parent_id, name);
CREATE INDEX folders_by_parent ON folders (parent_id) WHERE parent_id IS NOT NULL;

CREATE TABLE stored_files (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  workspace_id INTEGER NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
  -- NULL for one that is in no folder.
  folder_id INTEGER REFERENCES folders (id) ON DELETE SET NULL,
  name TEXT NOT NULL,
  -- The name in lower case, for whoever looks for a part of it.
  folded TEXT NOT NULL,
  media_type TEXT NOT NULL,
  size INTEGER NOT NULL,
  sha256 BLOB NOT NULL CHECK (length(sha256) = 32),
  -- Known of what a job has made.
  width INTEGER,
  height INTEGER,
  milliseconds INTEGER,
  -- JSON: what its owner notes of it.
  metadata TEXT,
  blob TEXT NOT NULL,
  -- Whose file it was, while that is still there.
  job_id INTEGER REFERENCES jobs (id) ON DELETE SET NULL,
  output_id INTEGER REFERENCES outputs (id) ON DELETE SET NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;

-- With all that a list looks at, so that what it passes over costs no look at the row.
CREATE INDEX stored_files_newest ON stored_files (workspace_id, id, folded, media_type);
CREATE INDEX stored_files_in_folder ON stored_files (workspace_id, folder_id, id, folded, media_type);
CREATE INDEX stored_files_by_folder ON stored_files (folder_id) WHERE folder_id IS NOT NULL;
CREATE INDEX stored_files_by_job ON stored_files (job_id) WHERE job_id IS NOT NULL;
CREATE INDEX stored_files_by_output ON stored_files (output_id) WHERE output_id IS NOT NULL;

-- Files that come in parts: what has come is on disk, and counts among the bytes that the workspace stores.
CREATE TABLE arrivals (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  workspace_id INTEGER NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
  folder_id INTEGER REFERENCES folders (id) ON DELETE SET NULL,
  name TEXT NOT NULL,
  media_type TEXT,
  size INTEGER NOT NULL,
  received INTEGER NOT NULL DEFAULT 0,
  -- NULL once it is a stored file.
  blob TEXT,
  file_id INTEGER REFERENCES stored_files (id) ON DELETE SET NULL,
  changed_at INTEGER NOT NULL
) STRICT;

CREATE INDEX arrivals_by_age ON arrivals (changed_at);
CREATE INDEX arrivals_by_workspace ON arrivals (workspace_id, id);
CREATE INDEX arrivals_by_folder ON arrivals (folder_id) WHERE folder_id IS NOT NULL;
CREATE INDEX arrivals_by_file ON arrivals (file_id) WHERE file_id IS NOT NULL;

-- Jobs whose files are to be stored, too, when they have been made.
CREATE TABLE store_wishes (
  job_id INTEGER PRIMARY KEY REFERENCES jobs (id) ON DELETE CASCADE,
  folder_id INTEGER REFERENCES folders (id) ON DELETE SET NULL,
  keeps_outputs INTEGER NOT NULL CHECK (keeps_outputs IN (0, 1)),
  keeps_originals INTEGER NOT NULL CHECK (keeps_originals IN (0, 1)),
  -- Why something was not stored.
  notice TEXT
) STRICT;

CREATE INDEX store_wishes_by_folder ON store_wishes (folder_id) WHERE folder_id IS NOT NULL;
