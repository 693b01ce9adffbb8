-- Times are seconds since 1970, UTC, unless the comment says otherwise. Amounts (balance, used,
-- charge) are One API units; cost is in 1e-9 US dollars.

CREATE TABLE meta (
    name TEXT PRIMARY KEY,
    value BLOB NOT NULL
) STRICT;

CREATE TABLE settings (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;

CREATE TABLE groups (
    name TEXT PRIMARY KEY,
    ratio_millionths INTEGER NOT NULL CHECK (ratio_millionths >= 0)
) STRICT;

INSERT INTO groups (name, ratio_millionths)
VALUES ('default', 1000000), ('vip', 1000000), ('svip', 1000000);

-- The status of a deleted user is 3; the row stays for the ledger. access_token_hash is a SHA-256.
CREATE TABLE users (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    username TEXT NOT NULL UNIQUE,
    display_name TEXT NOT NULL DEFAULT '',
    email TEXT NOT NULL DEFAULT '',
    role INTEGER NOT NULL,
    status INTEGER NOT NULL,
    group_name TEXT NOT NULL,
    balance INTEGER NOT NULL DEFAULT 0,
    used INTEGER NOT NULL DEFAULT 0,
    request_count INTEGER NOT NULL DEFAULT 0,
    invitation_code TEXT NOT NULL DEFAULT '',
    inviter_id INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    session_epoch INTEGER NOT NULL DEFAULT 0,
    password_hash BLOB NOT NULL,
    access_token_hash BLOB UNIQUE
) STRICT;

CREATE UNIQUE INDEX users_invitation_code ON users (invitation_code) WHERE invitation_code <> '';
CREATE INDEX users_email ON users (email) WHERE email <> '';

-- key_hash is the SHA-256 of the key, key_sealed the key itself, encrypted. Lists are separated by
-- line feeds (models) and commas (address_ranges).
CREATE TABLE tokens (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    key_hash BLOB NOT NULL UNIQUE CHECK (length(key_hash) = 32),
    key_sealed BLOB NOT NULL,
    status INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    accessed_at INTEGER NOT NULL DEFAULT 0,
    expires_at INTEGER NOT NULL DEFAULT -1,
    balance INTEGER NOT NULL DEFAULT 0,
    unlimited INTEGER NOT NULL,
    used INTEGER NOT NULL DEFAULT 0,
    models TEXT NOT NULL DEFAULT '',
    address_ranges TEXT NOT NULL DEFAULT '',
    requests_per_minute INTEGER NOT NULL DEFAULT 0,
    tokens_per_minute INTEGER NOT NULL DEFAULT 0,
    concurrent_requests INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE INDEX tokens_user ON tokens (user_id);

-- Lists are separated by line feeds; the overrides, the mapping and the config are JSON objects.
-- Timeouts are in milliseconds.
CREATE TABLE channels (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    type INTEGER NOT NULL,
    name TEXT NOT NULL,
    status INTEGER NOT NULL,
    status_reason TEXT NOT NULL DEFAULT '',
    base_url TEXT NOT NULL DEFAULT '',
    models TEXT NOT NULL DEFAULT '',
    groups TEXT NOT NULL DEFAULT 'default',
    priority INTEGER NOT NULL DEFAULT 0,
    weight INTEGER NOT NULL DEFAULT 1,
    model_mapping TEXT NOT NULL DEFAULT '{}',
    header_overrides TEXT NOT NULL DEFAULT '{}',
    body_overrides TEXT NOT NULL DEFAULT '{}',
    system_prompt TEXT NOT NULL DEFAULT '',
    proxy TEXT NOT NULL DEFAULT '',
    connect_timeout INTEGER NOT NULL DEFAULT 0,
    first_byte_timeout INTEGER NOT NULL DEFAULT 0,
    idle_timeout INTEGER NOT NULL DEFAULT 0,
    organization TEXT NOT NULL DEFAULT '',
    api_version TEXT NOT NULL DEFAULT '',
    certificate_authority TEXT NOT NULL DEFAULT '',
    allow_private_address INTEGER NOT NULL,
    test_model TEXT NOT NULL DEFAULT '',
    tags TEXT NOT NULL DEFAULT '',
    note TEXT NOT NULL DEFAULT '',
    config TEXT NOT NULL DEFAULT '{}',
    created_at INTEGER NOT NULL,
    used INTEGER NOT NULL DEFAULT 0,
    tested_at INTEGER NOT NULL DEFAULT 0,
    response_milliseconds INTEGER NOT NULL DEFAULT 0,
    balance_dollars REAL NOT NULL DEFAULT 0,
    balance_at INTEGER NOT NULL DEFAULT 0
) STRICT;

-- The order of a channel's keys is that of their ids.
CREATE TABLE channel_keys (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    channel_id INTEGER NOT NULL REFERENCES channels (id) ON DELETE CASCADE,
    key_sealed BLOB NOT NULL,
    enabled INTEGER NOT NULL,
    disabled_reason TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE INDEX channel_keys_channel ON channel_keys (channel_id);

-- Prices that a person edited. A channel_id of NULL: of the model, through whatever channel. prices
-- is a JSON object with numbers in 1e-12 US dollars.
CREATE TABLE model_prices (
    model TEXT NOT NULL,
    channel_id INTEGER REFERENCES channels (id) ON DELETE CASCADE,
    prices TEXT NOT NULL,
    as_of INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE UNIQUE INDEX model_prices_model ON model_prices (model, coalesce(channel_id, 0));
CREATE INDEX model_prices_channel ON model_prices (channel_id);

-- The ledger. It refers to users, tokens and channels by number and name and survives them. created_at,
-- elapsed and first_byte are in milliseconds. A request (kinds 2, 5 and 6) has one line and no second
-- one; request_id is NULL in what belongs to none.
CREATE TABLE usage_records (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    request_id TEXT UNIQUE,
    kind INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    username TEXT NOT NULL,
    token_id INTEGER NOT NULL,
    token_name TEXT NOT NULL,
    channel_id INTEGER NOT NULL,
    channel_key_id INTEGER NOT NULL,
    model TEXT NOT NULL,
    provider_model TEXT NOT NULL,
    group_name TEXT NOT NULL,
    operation TEXT NOT NULL,
    input INTEGER NOT NULL,
    cache_read INTEGER NOT NULL,
    cache_write INTEGER NOT NULL,
    cache_write_long INTEGER NOT NULL,
    input_audio INTEGER NOT NULL,
    output INTEGER NOT NULL,
    reasoning INTEGER NOT NULL,
    output_audio INTEGER NOT NULL,
    images INTEGER NOT NULL,
    characters INTEGER NOT NULL,
    usage_source INTEGER NOT NULL,
    anomalous INTEGER NOT NULL,
    cost INTEGER NOT NULL,
    charge INTEGER NOT NULL,
    unpriced INTEGER NOT NULL,
    token_is_unlimited INTEGER NOT NULL,
    stream INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    http_status INTEGER NOT NULL,
    end_reason INTEGER NOT NULL,
    elapsed INTEGER NOT NULL,
    first_byte INTEGER NOT NULL,
    client_address TEXT NOT NULL,
    error_code TEXT NOT NULL,
    content TEXT NOT NULL
) STRICT;

-- Lists are filtered by many things and shown by time. One index that holds all of these costs a
-- commit a page or two, where an index for each would touch a page for each line.
CREATE INDEX usage_records_filter ON usage_records
    (created_at, kind, user_id, token_id, channel_id, model, username, token_name, charge);
