-- Jobs that wait for their start: few, counted with what waits, and ended when nobody starts them.
-- With a plain "status =" SQLite would compare every bound status with this word, and prepare such a statement anew
-- whenever another one is bound.
CREATE INDEX jobs_incomplete ON jobs (workspace_id, created_at) WHERE +status = 'incomplete';
