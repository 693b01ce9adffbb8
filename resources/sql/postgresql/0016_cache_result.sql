-- What the cache of answers had to do with a request: 0 nothing, 1 its answer was in it, 2 it was not, 3 it was
-- not looked for.
ALTER TABLE usage_records ADD COLUMN cache_result bigint NOT NULL DEFAULT 0;
