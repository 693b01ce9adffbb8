-- The requests that the clearing of the ledger leaves, by their ids. Beside the ledger, whose lines are
-- written for every request and marked for few.
CREATE TABLE bookmarks (
    request_id text NOT NULL PRIMARY KEY,
    created_at bigint NOT NULL
);
