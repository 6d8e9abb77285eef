-- What keeps one workspace from taking all of the queue: jobs that wait, files a minute, and jobs at once for every plan.

ALTER TABLE plans ADD COLUMN waiting_jobs INTEGER CHECK (waiting_jobs > 0);
ALTER TABLE plans ADD COLUMN files_per_minute INTEGER CHECK (files_per_minute > 0);

UPDATE plans SET waiting_jobs = 100, files_per_minute = 60 WHERE name = 'free';
UPDATE plans SET waiting_jobs = 1000, files_per_minute = 300 WHERE name = 'starter';
UPDATE plans SET waiting_jobs = 10000, files_per_minute = 1200 WHERE name = 'pro';

UPDATE plans SET concurrent_jobs = 8 WHERE name = 'pro' AND concurrent_jobs IS NULL;
UPDATE plans SET concurrent_jobs = 32 WHERE name = 'enterprise' AND concurrent_jobs IS NULL;

CREATE TABLE rates_of_keys (
  key_id INTEGER NOT NULL REFERENCES keys (id) ON DELETE CASCADE,
  permission TEXT NOT NULL CHECK (permission IN ('read', 'submit', 'files')),
  full_at INTEGER NOT NULL,
  PRIMARY KEY (key_id, permission)
) STRICT, WITHOUT ROWID;

INSERT INTO rates_of_keys SELECT key_id, permission, full_at FROM rates;
DROP TABLE rates;
ALTER TABLE rates_of_keys RENAME TO rates;
