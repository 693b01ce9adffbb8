-- Prices of one model and channel may follow each other: effective_from is the second, since 1970, from which
-- on one is in force. 0, as all have that were there before: ever since.
ALTER TABLE model_prices ADD COLUMN effective_from INTEGER NOT NULL DEFAULT 0;

DROP INDEX model_prices_model;

CREATE UNIQUE INDEX model_prices_model ON model_prices (model, coalesce(channel_id, 0), effective_from);
