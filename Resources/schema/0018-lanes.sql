-- Jobs wait in the lane of their heaviest step, so that what takes long delays nothing that does not: 0 is what is built in.
ALTER TABLE queue ADD COLUMN lane INTEGER NOT NULL DEFAULT 0 CHECK (lane >= 0);

DROP INDEX queue_waiting;
CREATE INDEX queue_waiting ON queue (lane, workspace_id, job_id) WHERE state = 'waiting';
DROP INDEX queue_small;
CREATE INDEX queue_small ON queue (lane, workspace_id, job_id) WHERE state = 'waiting' AND is_small = 1;
