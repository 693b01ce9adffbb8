-- What is left on a provider's account is counted in the currency balance_currency, an ISO 4217 code. Empty: the
-- provider counts in points. Amounts of DeepSeek (36) and SiliconFlow (44), whose currency was not kept, count
-- as not known; CloseAI (4) and API2GPT (12) count in yuan, AIGC2D (13) in points.
ALTER TABLE channels RENAME COLUMN balance_dollars TO balance;

ALTER TABLE channels ADD COLUMN balance_currency TEXT NOT NULL DEFAULT '';

UPDATE channels SET balance = 0, balance_at = 0 WHERE type IN (36, 44);

UPDATE channels SET balance_currency = 'CNY' WHERE balance_at > 0 AND type IN (4, 12);

UPDATE channels SET balance_currency = 'USD' WHERE balance_at > 0 AND type NOT IN (4, 12, 13);
