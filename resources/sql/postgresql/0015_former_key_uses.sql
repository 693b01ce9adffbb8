-- Who still uses the key of a token from before its last rotation. The repository keeps a few of each
-- token.
CREATE TABLE former_key_uses (
    token_id bigint NOT NULL REFERENCES tokens (id) ON DELETE CASCADE,
    client text NOT NULL,
    address text NOT NULL,
    used_at bigint NOT NULL,
    PRIMARY KEY (token_id, client, address)
);
