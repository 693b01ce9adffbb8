-- What may go through a channel: total_timeout (milliseconds) for one call, so many requests at a time,
-- requests and tokens a minute; 0: no limit. What its requests cost is multiplied by
-- price_ratio_millionths.
ALTER TABLE channels ADD COLUMN total_timeout INTEGER NOT NULL DEFAULT 0;
ALTER TABLE channels ADD COLUMN concurrent_requests INTEGER NOT NULL DEFAULT 0;
ALTER TABLE channels ADD COLUMN requests_per_minute INTEGER NOT NULL DEFAULT 0;
ALTER TABLE channels ADD COLUMN tokens_per_minute INTEGER NOT NULL DEFAULT 0;
ALTER TABLE channels ADD COLUMN price_ratio_millionths INTEGER NOT NULL DEFAULT 1000000;
ALTER TABLE channels ADD COLUMN verify_certificate INTEGER NOT NULL DEFAULT 1;
