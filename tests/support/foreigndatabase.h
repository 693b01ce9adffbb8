#pragma once

#include <QFile>
#include <QSqlDatabase>
#include <QSqlError>
#include <QSqlQuery>
#include <QTemporaryDir>
#include <QtTest>

namespace gatehouse::support {

// A SQLite database as One API or New API makes it, in a temporary folder, to be filled by a test.
class ForeignDatabase
{
public:
    // Of "the old password", as One API stores it.
    static inline const QByteArray oldPassword = "the old password";
    static inline const QString oldPasswordHash =
        QStringLiteral("$2a$04$abcdefghijklmnopqrstuuacgXC3CLH4Asiwiu1rBfOd2rjKHwe3W");

    static QStringList oneApiSchema()
    {
        return {
            QStringLiteral(
                "CREATE TABLE `users` (`id` integer PRIMARY KEY AUTOINCREMENT, `username` text"
                " UNIQUE, `password` text NOT NULL, `display_name` text, `role` integer DEFAULT 1,"
                " `status` integer DEFAULT 1, `email` text, `github_id` text, `wechat_id` text,"
                " `lark_id` text, `oidc_id` text, `access_token` char(32), `quota` integer DEFAULT"
                " 0, `used_quota` integer DEFAULT 0, `request_count` integer DEFAULT 0, `group`"
                " varchar(32) DEFAULT 'default', `aff_code` varchar(32), `inviter_id` integer)"),
            QStringLiteral(
                "CREATE TABLE `channels` (`id` integer PRIMARY KEY AUTOINCREMENT, `type` integer"
                " DEFAULT 0, `key` text, `status` integer DEFAULT 1, `name` text, `weight` integer"
                " DEFAULT 0, `created_time` integer, `test_time` integer, `response_time` integer,"
                " `base_url` text DEFAULT '', `other` text, `balance` real, `balance_updated_time`"
                " integer, `models` text, `group` varchar(32) DEFAULT 'default', `used_quota`"
                " integer DEFAULT 0, `model_mapping` varchar(1024) DEFAULT '', `priority` integer"
                " DEFAULT 0, `config` text, `system_prompt` text)"),
            QStringLiteral(
                "CREATE TABLE `tokens` (`id` integer PRIMARY KEY AUTOINCREMENT, `user_id` integer,"
                " `key` char(48) UNIQUE, `status` integer DEFAULT 1, `name` text, `created_time`"
                " integer, `accessed_time` integer, `expired_time` integer DEFAULT -1,"
                " `remain_quota` integer DEFAULT 0, `unlimited_quota` numeric DEFAULT false,"
                " `used_quota` integer DEFAULT 0, `models` text, `subnet` text DEFAULT '')"),
            QStringLiteral("CREATE TABLE `options` (`key` text PRIMARY KEY, `value` text)"),
            QStringLiteral("CREATE TABLE `logs` (`id` integer PRIMARY KEY, `user_id` integer)"),
            QStringLiteral("CREATE TABLE `redemptions` (`id` integer PRIMARY KEY, `key` char(32))"),
            QStringLiteral(
                "CREATE TABLE `abilities` (`group` varchar(32), `model` text, `channel_id` integer,"
                " `enabled` numeric, `priority` integer, PRIMARY KEY (`group`, `model`,"
                " `channel_id`))")};
    }
    static QStringList newApiSchema()
    {
        return {
            QStringLiteral(
                "CREATE TABLE `users` (`id` integer PRIMARY KEY AUTOINCREMENT, `username` text"
                " UNIQUE, `password` text NOT NULL, `display_name` text, `role` integer DEFAULT 1,"
                " `status` integer DEFAULT 1, `email` text, `access_token` char(32), `quota` "
                "integer"
                " DEFAULT 0, `used_quota` integer DEFAULT 0, `request_count` integer DEFAULT 0,"
                " `group` varchar(64) DEFAULT 'default', `aff_code` varchar(32), `aff_count` "
                "integer"
                " DEFAULT 0, `aff_quota` integer DEFAULT 0, `aff_history` integer DEFAULT 0,"
                " `inviter_id` integer, `deleted_at` datetime, `setting` text)"),
            QStringLiteral(
                "CREATE TABLE `channels` (`id` integer PRIMARY KEY AUTOINCREMENT, `type` integer"
                " DEFAULT 0, `key` text NOT NULL, `openai_organization` text, `test_model` text,"
                " `status` integer DEFAULT 1, `name` text, `weight` integer DEFAULT 0,"
                " `created_time` integer, `test_time` integer, `response_time` integer, `base_url`"
                " text DEFAULT '', `other` text, `balance` real, `balance_updated_time` integer,"
                " `models` text, `group` varchar(64) DEFAULT 'default', `used_quota` integer "
                "DEFAULT"
                " 0, `model_mapping` text, `status_code_mapping` varchar(1024), `priority` integer"
                " DEFAULT 0, `auto_ban` integer DEFAULT 1, `other_info` text, `tag` text, `setting`"
                " text, `param_override` text, `header_override` text, `remark` varchar(255),"
                " `channel_info` json)"),
            QStringLiteral(
                "CREATE TABLE `tokens` (`id` integer PRIMARY KEY AUTOINCREMENT, `user_id` integer,"
                " `key` char(48) UNIQUE, `status` integer DEFAULT 1, `name` text, `created_time`"
                " integer, `accessed_time` integer, `expired_time` integer DEFAULT -1,"
                " `remain_quota` integer DEFAULT 0, `unlimited_quota` numeric,"
                " `model_limits_enabled` numeric, `model_limits` varchar(1024) DEFAULT '',"
                " `allow_ips` text DEFAULT '', `used_quota` integer DEFAULT 0, `group` text DEFAULT"
                " '', `deleted_at` datetime)"),
            QStringLiteral("CREATE TABLE `options` (`key` text PRIMARY KEY, `value` text)"),
            QStringLiteral("CREATE TABLE `setups` (`id` integer PRIMARY KEY, `version` text)")};
    }

    // As cc-switch makes it, in short.
    static QStringList ccSwitchSchema()
    {
        return {
            QStringLiteral(
                "CREATE TABLE providers (id TEXT NOT NULL, app_type TEXT NOT NULL, name TEXT NOT"
                " NULL, settings_config TEXT NOT NULL, website_url TEXT, category TEXT,"
                " created_at INTEGER, sort_index INTEGER, notes TEXT, icon TEXT, icon_color"
                " TEXT, meta TEXT NOT NULL DEFAULT '{}', is_current BOOLEAN NOT NULL DEFAULT 0,"
                " PRIMARY KEY (id, app_type))"),
            QStringLiteral("CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT)")};
    }

    explicit ForeignDatabase(const QStringList &schema = oneApiSchema())
    {
        m_connection = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), name());
        m_connection.setDatabaseName(path());
        if (!m_connection.open())
            qFatal("no SQLite: %s", qPrintable(m_connection.lastError().text()));
        for (const QString &statement : schema)
            run(statement);
    }
    ~ForeignDatabase()
    {
        m_connection.close();
        m_connection = QSqlDatabase();
        QSqlDatabase::removeDatabase(name());
    }
    ForeignDatabase(const ForeignDatabase &) = delete;
    ForeignDatabase &operator=(const ForeignDatabase &) = delete;

    QString path() const { return m_directory.filePath(QStringLiteral("one-api.db")); }
    QString filePath(const QString &fileName) const { return m_directory.filePath(fileName); }

    void run(const QString &sql)
    {
        QSqlQuery query(m_connection);
        if (!query.exec(sql))
            qFatal("%s: %s", qPrintable(sql.left(200)), qPrintable(query.lastError().text()));
    }
    // A row of a table; what is not named has the default of its column.
    void add(const QString &table, const QVariantMap &values)
    {
        QStringList columns;
        QStringList places;
        for (auto it = values.cbegin(); it != values.cend(); ++it) {
            columns.append(QStringLiteral("`%1`").arg(it.key()));
            places.append(QStringLiteral("?"));
        }
        QSqlQuery query(m_connection);
        query.prepare(QStringLiteral("INSERT INTO %1 (%2) VALUES (%3)")
                          .arg(table, columns.join(u','), places.join(u',')));
        for (const QVariant &value : values)
            query.addBindValue(value);
        if (!query.exec())
            qFatal("%s: %s", qPrintable(table), qPrintable(query.lastError().text()));
    }
    void addUser(qint64 id, const QString &username, QVariantMap more = {})
    {
        QVariantMap values{{QStringLiteral("id"), id},
                           {QStringLiteral("username"), username},
                           {QStringLiteral("password"), oldPasswordHash}};
        values.insert(more);
        add(QStringLiteral("users"), values);
    }
    // 48 characters that no other number has.
    static QString keyOf(qint64 id)
    {
        return QStringLiteral("Key%1").arg(id, 45, 10, QLatin1Char('x'));
    }
    void addToken(qint64 id, qint64 user, QVariantMap more = {})
    {
        QVariantMap values{{QStringLiteral("id"), id},
                           {QStringLiteral("user_id"), user},
                           {QStringLiteral("key"), keyOf(id)},
                           {QStringLiteral("name"), QStringLiteral("token-%1").arg(id)}};
        values.insert(more);
        add(QStringLiteral("tokens"), values);
    }
    void addChannel(qint64 id, int type, QVariantMap more = {})
    {
        QVariantMap values{{QStringLiteral("id"), id},
                           {QStringLiteral("type"), type},
                           {QStringLiteral("key"), QStringLiteral("sk-provider-%1").arg(id)},
                           {QStringLiteral("name"), QStringLiteral("channel-%1").arg(id)},
                           {QStringLiteral("models"), QStringLiteral("m")}};
        values.insert(more);
        add(QStringLiteral("channels"), values);
    }
    // Of cc-switch: what the client program `app` keeps.
    void addProvider(const QString &app, const QString &name, const QByteArray &settings)
    {
        add(QStringLiteral("providers"),
            {{QStringLiteral("id"), name},
             {QStringLiteral("app_type"), app},
             {QStringLiteral("name"), name},
             {QStringLiteral("settings_config"), QString::fromUtf8(settings)}});
    }
    void setOption(const QString &key, const QString &value)
    {
        add(QStringLiteral("options"),
            {{QStringLiteral("key"), key}, {QStringLiteral("value"), value}});
    }
    QByteArray bytes() const
    {
        QFile file(path());
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }

private:
    QString name() const { return QStringLiteral("foreign-%1").arg(quintptr(this)); }

    QTemporaryDir m_directory;
    QSqlDatabase m_connection;
};

} // namespace gatehouse::support
