-- What waits is taken by workspace and address, so that one tenant's failing path keeps nobody else's waiting: the URL
-- without its query, and for the style that rests by host only the scheme.
-- No generated column: VACUUM INTO, which backups are made with, does not copy those.
ALTER TABLE deliveries ADD COLUMN address TEXT NOT NULL DEFAULT '';
UPDATE deliveries
SET address = CASE
  WHEN style IN ('api2convert', 'mail') THEN substr(url, 1, instr(url, ':'))
  ELSE substr(url, 1, instr(url || '?', '?') - 1)
END
WHERE state = 'waiting';

DROP INDEX deliveries_due;
CREATE INDEX deliveries_due ON deliveries (host, workspace_id, address, next_attempt_at, id) WHERE state = 'waiting';

-- When an endpoint failed last: the time between two failures counts only so far as there were attempts in it.
ALTER TABLE endpoints ADD COLUMN failed_at INTEGER;
