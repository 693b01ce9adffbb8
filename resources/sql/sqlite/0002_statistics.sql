-- What the ledger comes to, for charts. A row sums up the requests that ended within a minute
-- (level 1), an hour (2) or a day (3), UTC, that begins at start, in milliseconds since 1970. By kind,
-- name is empty (0: all requests), the id of a channel (1), a model (2), the id of a token (3) or of
-- a user (4). cost and saved are in 1e-9 US dollars; first_byte, elapsed and speed are histograms. The
-- entry rollup_line of meta is the id of the last line of the ledger that is contained.
CREATE TABLE traffic_rollups (
    level INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    start INTEGER NOT NULL,
    name TEXT NOT NULL,
    ok INTEGER NOT NULL,
    client_errors INTEGER NOT NULL,
    server_errors INTEGER NOT NULL,
    cancelled INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    input INTEGER NOT NULL,
    cache_read INTEGER NOT NULL,
    cache_write INTEGER NOT NULL,
    output INTEGER NOT NULL,
    cost INTEGER NOT NULL,
    saved INTEGER NOT NULL,
    unpriced INTEGER NOT NULL,
    channel_faults INTEGER NOT NULL,
    first_byte BLOB NOT NULL,
    elapsed BLOB NOT NULL,
    speed BLOB NOT NULL,
    PRIMARY KEY (level, kind, start, name)
) STRICT, WITHOUT ROWID;

-- When clients were served, in milliseconds since 1970, UTC.
CREATE TABLE uptime (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    started_at INTEGER NOT NULL,
    ended_at INTEGER NOT NULL
) STRICT;

CREATE INDEX uptime_end ON uptime (ended_at);

-- Of the time before this was noted nothing is known; it counts as served.
INSERT INTO uptime (started_at, ended_at)
SELECT earliest, latest
FROM (SELECT (SELECT min(created_at) FROM usage_records) AS earliest,
             (SELECT max(created_at) FROM usage_records) AS latest) AS ledger
WHERE earliest IS NOT NULL;
