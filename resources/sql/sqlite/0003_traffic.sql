-- client is the program that asked, session the client's own name of a session, attempt_log a JSON list
-- with a list of numbers for each attempt (times in microseconds). A token's capture tells whether heads
-- and bodies of its requests are kept: 0 by the setting, 1 never, 2 always.

ALTER TABLE usage_records ADD COLUMN client TEXT NOT NULL DEFAULT '';
ALTER TABLE usage_records ADD COLUMN session TEXT NOT NULL DEFAULT '';
ALTER TABLE usage_records ADD COLUMN attempt_log TEXT NOT NULL DEFAULT '';

ALTER TABLE tokens ADD COLUMN capture INTEGER NOT NULL DEFAULT 0;
