-- Web sites whose pages become the jobs of a batch, one after the other as they are found.

-- 1 while more jobs may come, 0 when no more will; NULL for a batch that came as a whole.
ALTER TABLE batches ADD COLUMN is_open INTEGER CHECK (is_open IN (0, 1));

CREATE INDEX batches_open ON batches (workspace_id, id) WHERE is_open = 1;

CREATE TABLE sites (
  batch_id INTEGER PRIMARY KEY REFERENCES batches (id) ON DELETE CASCADE,
  mode TEXT NOT NULL CHECK (mode IN ('crawl', 'sitemap')),
  root TEXT NOT NULL,
  -- Scheme, host and port to which the root has led; NULL while that is its own.
  origin TEXT,
  depth INTEGER NOT NULL,
  pages INTEGER NOT NULL,
  -- Patterns of addresses, one a line.
  include TEXT NOT NULL,
  exclude TEXT NOT NULL,
  heeds_robots INTEGER NOT NULL CHECK (heeds_robots IN (0, 1)),
  -- Pages that are jobs or will be.
  found INTEGER NOT NULL DEFAULT 0,
  -- What each job is made of; erased when the site is closed, and so are its pages and its secrets.
  template TEXT
) STRICT;

-- What is known of a site: pages, and the sitemaps that name some.
CREATE TABLE site_pages (
  id INTEGER PRIMARY KEY,
  batch_id INTEGER NOT NULL REFERENCES sites (batch_id) ON DELETE CASCADE,
  kind TEXT NOT NULL CHECK (kind IN ('page', 'sitemap')),
  address TEXT NOT NULL,
  depth INTEGER NOT NULL,
  -- To be fetched, to become a job, done with, or not to be had.
  state TEXT NOT NULL CHECK (state IN ('waiting', 'found', 'looked', 'failed')),
  UNIQUE (batch_id, kind, address)
) STRICT;

CREATE INDEX site_pages_waiting ON site_pages (batch_id, id) WHERE state = 'waiting';
CREATE INDEX site_pages_found ON site_pages (batch_id, id) WHERE state = 'found';

CREATE TABLE site_secrets (
  batch_id INTEGER NOT NULL REFERENCES sites (batch_id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (batch_id, name)
) STRICT, WITHOUT ROWID;

-- A key of idempotency may have made a batch that has no job yet. SQLite changes no column, so the table is made anew.
CREATE TABLE new_idempotency (
  workspace_id INTEGER NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
  route TEXT NOT NULL,
  key TEXT NOT NULL,
  job_id INTEGER REFERENCES jobs (id) ON DELETE CASCADE,
  batch_id INTEGER REFERENCES batches (id) ON DELETE CASCADE,
  fingerprint BLOB NOT NULL CHECK (length(fingerprint) = 32),
  created_at INTEGER NOT NULL,
  PRIMARY KEY (workspace_id, route, key),
  CHECK ((job_id IS NULL) <> (batch_id IS NULL))
) STRICT, WITHOUT ROWID;

INSERT INTO new_idempotency (workspace_id, route, key, job_id, fingerprint, created_at)
SELECT workspace_id, route, key, job_id, fingerprint, created_at FROM idempotency;

DROP TABLE idempotency;
ALTER TABLE new_idempotency RENAME TO idempotency;

CREATE INDEX idempotency_by_job ON idempotency (job_id) WHERE job_id IS NOT NULL;
CREATE INDEX idempotency_by_batch ON idempotency (batch_id) WHERE batch_id IS NOT NULL;
CREATE INDEX idempotency_by_age ON idempotency (created_at);
