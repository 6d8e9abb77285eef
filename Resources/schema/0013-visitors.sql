-- Submissions a day of a key, and what visitors without a key have used of their rates.

ALTER TABLE plans ADD COLUMN submissions_per_day INTEGER CHECK (submissions_per_day > 0);

CREATE TABLE rates_of_keys (
  key_id INTEGER NOT NULL REFERENCES keys (id) ON DELETE CASCADE,
  permission TEXT NOT NULL CHECK (permission IN ('read', 'submit', 'files', 'day')),
  full_at INTEGER NOT NULL,
  PRIMARY KEY (key_id, permission)
) STRICT, WITHOUT ROWID;

INSERT INTO rates_of_keys SELECT key_id, permission, full_at FROM rates;
DROP TABLE rates;
ALTER TABLE rates_of_keys RENAME TO rates;

CREATE TABLE rates_of_visitors (
  visitor TEXT NOT NULL,
  permission TEXT NOT NULL CHECK (permission IN ('read', 'submit', 'files', 'day')),
  full_at INTEGER NOT NULL,
  PRIMARY KEY (visitor, permission)
) STRICT, WITHOUT ROWID;
