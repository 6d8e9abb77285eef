-- People, what they may do, and who did what. Secrets are kept as hashes: of keys, links and sessions their SHA-256, of
-- passwords yescrypt's own text.

ALTER TABLE plans ADD COLUMN max_upload INTEGER CHECK (max_upload > 0);
ALTER TABLE plans ADD COLUMN max_stored INTEGER CHECK (max_stored > 0);
ALTER TABLE plans ADD COLUMN concurrent_jobs INTEGER CHECK (concurrent_jobs > 0);

UPDATE plans SET max_upload = 26214400, max_stored = 1073741824, concurrent_jobs = 1 WHERE name = 'free';
UPDATE plans SET max_upload = 104857600, max_stored = 10737418240, concurrent_jobs = 2 WHERE name = 'starter';
UPDATE plans SET max_stored = 107374182400 WHERE name = 'pro';

CREATE TABLE access_requests (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  email TEXT NOT NULL,
  company TEXT NOT NULL,
  use_case TEXT NOT NULL,
  volume TEXT NOT NULL,
  address TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('pending', 'approved', 'rejected')),
  workspace_id INTEGER REFERENCES workspaces (id) ON DELETE SET NULL,
  decided_by TEXT,
  decided_at INTEGER,
  reason TEXT,
  created_at INTEGER NOT NULL
) STRICT;

CREATE INDEX access_requests_by_state ON access_requests (state, id);
CREATE INDEX access_requests_by_email ON access_requests (email, id);
CREATE INDEX access_requests_by_workspace ON access_requests (workspace_id) WHERE workspace_id IS NOT NULL;

CREATE TABLE users (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  email TEXT NOT NULL UNIQUE COLLATE NOCASE,
  is_admin INTEGER NOT NULL DEFAULT 0 CHECK (is_admin IN (0, 1)),
  password TEXT,
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE members (
  user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  workspace_id INTEGER NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
  role TEXT NOT NULL CHECK (role IN ('admin', 'member')),
  PRIMARY KEY (user_id, workspace_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX members_by_workspace ON members (workspace_id);

CREATE TABLE sessions (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  hash BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),
  created_at INTEGER NOT NULL,
  seen_at INTEGER NOT NULL
) STRICT;

CREATE INDEX sessions_by_user ON sessions (user_id);
CREATE INDEX sessions_by_age ON sessions (seen_at);

-- A link that can be used once: to make the first administrator, or to choose a password.
CREATE TABLE one_time_links (
  hash BLOB PRIMARY KEY CHECK (length(hash) = 32),
  kind TEXT NOT NULL CHECK (kind IN ('setup', 'password')),
  user_id INTEGER REFERENCES users (id) ON DELETE CASCADE,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX one_time_links_by_user ON one_time_links (user_id) WHERE user_id IS NOT NULL;

CREATE TABLE audit (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  address TEXT NOT NULL,
  action TEXT NOT NULL,
  subject TEXT NOT NULL,
  detail TEXT NOT NULL
) STRICT;

-- Where the browsers come from that may use a public key.
CREATE TABLE key_origins (
  origin TEXT NOT NULL,
  key_id INTEGER NOT NULL REFERENCES keys (id) ON DELETE CASCADE,
  PRIMARY KEY (origin, key_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX key_origins_by_key ON key_origins (key_id);

-- How much of their rates keys have used, written about once a second and only when something changed.
CREATE TABLE rates (
  key_id INTEGER NOT NULL REFERENCES keys (id) ON DELETE CASCADE,
  permission TEXT NOT NULL CHECK (permission IN ('read', 'submit')),
  full_at INTEGER NOT NULL,
  PRIMARY KEY (key_id, permission)
) STRICT, WITHOUT ROWID;
