-- Exchange rates with the day that they are of and who has said them, and what was told in another currency.

-- What one of `base` is in `quote`, as its source has written it.
CREATE TABLE exchange_rates (
  base TEXT NOT NULL CHECK (length(base) = 3),
  quote TEXT NOT NULL CHECK (length(quote) = 3),
  day TEXT NOT NULL CHECK (length(day) = 10),
  rate TEXT NOT NULL,
  source TEXT NOT NULL,
  imported_at INTEGER NOT NULL,
  PRIMARY KEY (base, quote, day)
) STRICT, WITHOUT ROWID;

-- Which rates there are on any day: a hub is looked for among these, and not in years of days.
CREATE TABLE exchange_pairs (
  base TEXT NOT NULL,
  quote TEXT NOT NULL,
  PRIMARY KEY (base, quote)
) STRICT, WITHOUT ROWID;

CREATE INDEX exchange_pairs_by_quote ON exchange_pairs (quote, base);

CREATE TABLE exchanges (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  workspace_id INTEGER NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
  idempotency_key TEXT,
  amount TEXT NOT NULL,
  base TEXT NOT NULL,
  quote TEXT NOT NULL,
  digits INTEGER NOT NULL CHECK (digits BETWEEN 0 AND 12),
  result TEXT NOT NULL,
  -- The rates that it went through, a line each.
  path TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

CREATE UNIQUE INDEX exchanges_by_key ON exchanges (workspace_id, idempotency_key) WHERE idempotency_key IS NOT NULL;
CREATE INDEX exchanges_by_workspace ON exchanges (workspace_id);
CREATE INDEX exchanges_by_time ON exchanges (created_at);
