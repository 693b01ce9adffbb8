"""The database of One API, as far as it is imported."""

ONE_API = """
CREATE TABLE `users` (`id` integer PRIMARY KEY AUTOINCREMENT, `username` text UNIQUE, `password` text
  NOT NULL, `display_name` text, `role` integer DEFAULT 1, `status` integer DEFAULT 1, `email` text,
  `github_id` text, `wechat_id` text, `lark_id` text, `oidc_id` text, `access_token` char(32),
  `quota` integer DEFAULT 0, `used_quota` integer DEFAULT 0, `request_count` integer DEFAULT 0,
  `group` varchar(32) DEFAULT 'default', `aff_code` varchar(32), `inviter_id` integer);
CREATE TABLE `channels` (`id` integer PRIMARY KEY AUTOINCREMENT, `type` integer DEFAULT 0, `key` text,
  `status` integer DEFAULT 1, `name` text, `weight` integer DEFAULT 0, `created_time` integer,
  `test_time` integer, `response_time` integer, `base_url` text DEFAULT '', `other` text,
  `balance` real, `balance_updated_time` integer, `models` text, `group` varchar(32) DEFAULT 'default',
  `used_quota` integer DEFAULT 0, `model_mapping` varchar(1024) DEFAULT '', `priority` integer
  DEFAULT 0, `config` text, `system_prompt` text);
CREATE TABLE `tokens` (`id` integer PRIMARY KEY AUTOINCREMENT, `user_id` integer, `key` char(48) UNIQUE,
  `status` integer DEFAULT 1, `name` text, `created_time` integer, `accessed_time` integer,
  `expired_time` integer DEFAULT -1, `remain_quota` integer DEFAULT 0, `unlimited_quota` numeric
  DEFAULT false, `used_quota` integer DEFAULT 0, `models` text, `subnet` text DEFAULT '');
CREATE TABLE `options` (`key` text PRIMARY KEY, `value` text);
CREATE TABLE `logs` (`id` integer PRIMARY KEY AUTOINCREMENT, `user_id` integer, `content` text);
CREATE TABLE `redemptions` (`id` integer PRIMARY KEY AUTOINCREMENT, `key` char(32) UNIQUE);
"""


def insert(database, table, **values):
    columns = ", ".join(f"`{name}`" for name in values)
    places = ", ".join("?" * len(values))
    database.execute(f"INSERT INTO {table} ({columns}) VALUES ({places})", list(values.values()))
