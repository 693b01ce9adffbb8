-- By what an import knows again what it made before, whatever has become of it here: a user (1), a token (2)
-- or a channel (3). fingerprint is a SHA-256 of something that stays the same in the other gateway. An entry
-- may have several, and they outlive it.
CREATE TABLE imported_entries (
    kind INTEGER NOT NULL,
    fingerprint BLOB NOT NULL CHECK (length(fingerprint) = 32),
    entry_id INTEGER NOT NULL,
    PRIMARY KEY (kind, fingerprint)
) STRICT, WITHOUT ROWID;
