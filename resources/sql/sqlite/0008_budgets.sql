-- A balance may be filled up to a limit when a day (1), a week (2) or a month (3) begins. budget_resets_at
-- is when that happens next, in seconds since 1970; budget_warning the percentage from which on people are
-- told.
ALTER TABLE users ADD COLUMN budget_period INTEGER NOT NULL DEFAULT 0;
ALTER TABLE users ADD COLUMN budget_limit INTEGER NOT NULL DEFAULT 0;
ALTER TABLE users ADD COLUMN budget_resets_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE users ADD COLUMN budget_warning INTEGER NOT NULL DEFAULT 80;
ALTER TABLE tokens ADD COLUMN budget_period INTEGER NOT NULL DEFAULT 0;
ALTER TABLE tokens ADD COLUMN budget_limit INTEGER NOT NULL DEFAULT 0;
ALTER TABLE tokens ADD COLUMN budget_resets_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE tokens ADD COLUMN budget_warning INTEGER NOT NULL DEFAULT 80;
