-- Who still uses the key of a token from before its last rotation. The repository keeps a few of each
-- token.
CREATE TABLE former_key_uses (
    token_id INTEGER NOT NULL REFERENCES tokens (id) ON DELETE CASCADE,
    client TEXT NOT NULL,
    address TEXT NOT NULL,
    used_at INTEGER NOT NULL,
    PRIMARY KEY (token_id, client, address)
) STRICT, WITHOUT ROWID;
