-- What of a channel besides its keys may be a secret: header overrides, proxy and provider settings,
-- sealed as one. Their own columns stay empty from here on.
ALTER TABLE channels ADD COLUMN secrets_sealed bytea;
