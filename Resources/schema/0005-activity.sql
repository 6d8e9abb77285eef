-- What a workspace did in each hour, for the charts: they cover months, which jobs' rows need not last.

CREATE TABLE activity (
  workspace_id INTEGER NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
  -- Hours since 1970 (UTC).
  hour INTEGER NOT NULL,
  submitted INTEGER NOT NULL DEFAULT 0,
  completed INTEGER NOT NULL DEFAULT 0,
  failed INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (workspace_id, hour)
) STRICT, WITHOUT ROWID;

INSERT INTO activity (workspace_id, hour, submitted)
SELECT workspace_id, created_at / 3600000, count(*)
FROM jobs
GROUP BY 1, 2;

INSERT INTO activity (workspace_id, hour, completed, failed)
SELECT workspace_id, finished_at / 3600000, sum(status = 'completed'), sum(status = 'failed')
FROM jobs
WHERE finished_at IS NOT NULL
GROUP BY 1, 2
ON CONFLICT DO UPDATE
SET completed = excluded.completed, failed = excluded.failed;
