-- How often a link was used that may be used so many times only; a row goes when its link has expired.
CREATE TABLE link_uses (
  code BLOB PRIMARY KEY CHECK (length(code) = 16),
  uses INTEGER NOT NULL CHECK (uses > 0),
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX link_uses_by_age ON link_uses (expires_at);
