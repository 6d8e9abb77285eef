-- Backups that are made by a schedule, and the ways of signing in beside a password.

-- The whole ones whose files are there, and the last one that failed.
CREATE TABLE backups (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  started_at INTEGER NOT NULL,
  milliseconds INTEGER NOT NULL,
  -- A folder, or a bucket with what its names begin with.
  place TEXT NOT NULL,
  name TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  -- Why it failed; NULL for a whole one.
  error TEXT
) STRICT;

ALTER TABLE sessions ADD COLUMN address TEXT NOT NULL DEFAULT '';
-- What the browser calls itself.
ALTER TABLE sessions ADD COLUMN agent TEXT NOT NULL DEFAULT '';
ALTER TABLE sessions ADD COLUMN way TEXT NOT NULL DEFAULT 'password' CHECK (way IN ('password', 'proxy', 'provider'));

-- What codes of a second step are made from, together with the server's key.
CREATE TABLE second_factors (
  user_id INTEGER PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
  salt BLOB NOT NULL CHECK (length(salt) = 16),
  -- NULL until a first code has shown that somebody can make them.
  confirmed_at INTEGER,
  -- The span of the last code that was taken; none up to it is taken again.
  last_step INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE recovery_codes (
  user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  hash BLOB NOT NULL CHECK (length(hash) = 32),
  PRIMARY KEY (user_id, hash)
) STRICT, WITHOUT ROWID;

-- Whom a provider of identities knows by which name.
CREATE TABLE identities (
  issuer TEXT NOT NULL,
  subject TEXT NOT NULL,
  user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  PRIMARY KEY (issuer, subject)
) STRICT, WITHOUT ROWID;

CREATE INDEX identities_by_user ON identities (user_id);
