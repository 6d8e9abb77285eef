-- Jobs with little to do go before those with much, so each says which it is.

ALTER TABLE queue ADD COLUMN is_small INTEGER NOT NULL DEFAULT 0 CHECK (is_small IN (0, 1));

CREATE INDEX queue_small ON queue (workspace_id, job_id) WHERE state = 'waiting' AND is_small = 1;
