-- What was deleted is hidden for 30 days, in which it can be restored, and is then removed. deleted_at
-- is in seconds since 1970, UTC; 0: it is there. A deleted user's name is free, and kept in
-- former_username with the status in former_status. The former key of a token that was rotated is valid
-- until former_valid_until.

ALTER TABLE channels ADD COLUMN deleted_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE channel_keys ADD COLUMN deleted_at INTEGER NOT NULL DEFAULT 0;

ALTER TABLE users ADD COLUMN deleted_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE users ADD COLUMN former_username TEXT NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN former_status INTEGER NOT NULL DEFAULT 0;

ALTER TABLE tokens ADD COLUMN deleted_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE tokens ADD COLUMN former_key_hash BLOB;
ALTER TABLE tokens ADD COLUMN former_valid_until INTEGER NOT NULL DEFAULT 0;
ALTER TABLE tokens ADD COLUMN former_used_at INTEGER NOT NULL DEFAULT 0;

-- Times in milliseconds since 1970, UTC; costs in 1e-9 US dollars. An undone one keeps its row.
CREATE TABLE recalculations (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    created_at INTEGER NOT NULL,
    since INTEGER NOT NULL,
    until INTEGER NOT NULL,
    provider_model TEXT NOT NULL,
    records INTEGER NOT NULL,
    changed INTEGER NOT NULL,
    cost_before INTEGER NOT NULL,
    cost_after INTEGER NOT NULL,
    undone INTEGER NOT NULL
) STRICT;

-- What the records of the ledger held before.
CREATE TABLE recalculated_records (
    recalculation_id INTEGER NOT NULL REFERENCES recalculations (id) ON DELETE CASCADE,
    record_id INTEGER NOT NULL,
    cost INTEGER NOT NULL,
    charge INTEGER NOT NULL,
    unpriced INTEGER NOT NULL,
    PRIMARY KEY (recalculation_id, record_id)
) STRICT, WITHOUT ROWID;
