-- Archives of batches were counted with the jobs of their workspaces, though nobody submitted them.
UPDATE counters
SET value = value - (
  SELECT count(*)
  FROM batches JOIN jobs ON jobs.id = batches.archive_job_id
  WHERE jobs.workspace_id = counters.workspace_id AND 'jobs.' || jobs.status = counters.name
)
WHERE name IN ('jobs.pending', 'jobs.processing');

-- What has ended is what was submitted and is not under way.
UPDATE counters
SET value = max(0, value - max(0,
  (SELECT total(states.value) FROM counters AS states
    WHERE states.workspace_id = counters.workspace_id AND states.name LIKE 'jobs.%' AND states.name <> 'jobs.submitted')
  - (SELECT total(submitted.value) FROM counters AS submitted
    WHERE submitted.workspace_id = counters.workspace_id AND submitted.name = 'jobs.submitted')))
WHERE name = 'jobs.completed';
