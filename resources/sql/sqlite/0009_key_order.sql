-- The order of a channel's keys, in which one that is replaced leaves its place to the other. Equal
-- ones are in the order of their ids.
ALTER TABLE channel_keys ADD COLUMN position INTEGER NOT NULL DEFAULT 0;
