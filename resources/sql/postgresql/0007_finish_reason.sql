-- Why the provider ended its answer, in its words, such as stop or max_tokens; empty: it did not tell.
ALTER TABLE usage_records ADD COLUMN finish_reason text NOT NULL DEFAULT '';
