-- Whether the address that came with a job is told of every change, and not of its end alone.
ALTER TABLE jobs ADD COLUMN every_change INTEGER NOT NULL DEFAULT 0;
