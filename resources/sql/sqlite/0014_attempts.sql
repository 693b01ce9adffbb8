-- Of a channel alone: the attempts that it had before another one of the same request, and those of them that
-- failed because of it. The requests themselves are summed up where they ended.
ALTER TABLE traffic_rollups ADD COLUMN passed_on INTEGER NOT NULL DEFAULT 0;
ALTER TABLE traffic_rollups ADD COLUMN passed_on_faults INTEGER NOT NULL DEFAULT 0;

-- By what those are found of which a channel had an attempt and not the last one. Few lines are in it.
CREATE INDEX usage_records_retried ON usage_records (created_at) WHERE attempts > 1;
