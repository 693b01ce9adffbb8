#include "storage/import/foreigngateway.h"

#include "storage/import/foreignfile.h"
#include "storage/statement.h"

#include <QHash>
#include <QSet>
#include <QSqlRecord>

#include <cmath>
#include <optional>

namespace gatehouse::storage {

using namespace Qt::StringLiterals;

using base::ErrorCode;
using base::fail;
using base::Message;
using base::Result;
using base::Secret;

namespace {

using Names = QSet<QString>;

// SQLite's columns hold values of any type, whatever they were declared as. Nothing: it is no number.
std::optional<qint64> wholeNumber(const QVariant &value)
{
    constexpr double limit = 9.2e18;
    if (value.typeId() == QMetaType::LongLong || value.typeId() == QMetaType::Int)
        return value.toLongLong();
    bool isNumber = false;
    if (value.typeId() != QMetaType::Double) {
        const qint64 number = value.toString().trimmed().toLongLong(&isNumber);
        if (isNumber)
            return number;
    }
    const double number = value.toDouble(&isNumber);
    if (!isNumber || std::isnan(number))
        return std::nullopt;
    return static_cast<qint64>(std::clamp(number, -limit, limit));
}

// One row, by the names of its columns.
class ForeignRow
{
public:
    using Columns = QHash<QString, int>;

    ForeignRow(const Columns &columns, const QSqlQuery &row)
        : m_columns(columns)
        , m_row(row)
    {}

    QVariant value(const QString &column) const
    {
        const auto found = m_columns.constFind(column);
        return found == m_columns.cend() ? QVariant() : m_row.value(*found);
    }
    QString text(const QString &column) const { return value(column).toString(); }
    QByteArray bytes(const QString &column) const { return text(column).toUtf8(); }
    Secret secret(const QString &column) const { return Secret(bytes(column)); }
    qint64 number(const QString &column, qint64 fallback = 0) const
    {
        return isSet(column) ? wholeNumber(value(column)).value_or(fallback) : fallback;
    }
    // What is no number must not stand for what is said by NULL.
    std::optional<qint64> strictNumber(const QString &column, qint64 ifNull) const
    {
        return isSet(column) ? wholeNumber(value(column)) : ifNull;
    }
    double real(const QString &column) const
    {
        const double number = value(column).toDouble();
        return std::isfinite(number) ? number : 0;
    }
    // A number, or one of the words that Go reads; NULL is false. Nothing: it is neither.
    std::optional<bool> flag(const QString &column) const
    {
        static const QStringList yes{u"t"_s, u"T"_s, u"true"_s, u"True"_s, u"TRUE"_s};
        static const QStringList no{u"f"_s, u"F"_s, u"false"_s, u"False"_s, u"FALSE"_s};
        if (const auto asNumber = strictNumber(column, 0))
            return *asNumber != 0;
        const QString word = text(column).trimmed();
        return yes.contains(word)  ? std::optional(true)
               : no.contains(word) ? std::optional(false)
                                   : std::nullopt;
    }
    bool isSet(const QString &column) const { return !value(column).isNull(); }

private:
    const Columns &m_columns;
    const QSqlQuery &m_row;
};

template<typename Read>
auto rowsOfTable(Database &database, const QString &sql, Read read)
    -> Result<std::vector<std::invoke_result_t<Read &, const ForeignRow &>>>
{
    Result<QSqlQuery> query = execute(database, sql);
    if (!query)
        return fail(query.error());
    ForeignRow::Columns columns;
    const QSqlRecord record = query->record();
    for (int i = 0; i < record.count(); ++i)
        columns.insert(record.fieldName(i).toLower(), i);
    return rowsOf(database, std::move(query), [&](const QSqlQuery &row) {
        return read(ForeignRow(columns, row));
    });
}

ForeignUser userFrom(const ForeignRow &row)
{
    return {.id = row.number(u"id"_s),
            .username = row.text(u"username"_s),
            .passwordHash = row.bytes(u"password"_s),
            .displayName = row.text(u"display_name"_s),
            .email = row.text(u"email"_s),
            .role = row.number(u"role"_s, 1),
            .status = row.strictNumber(u"status"_s, 1).value_or(0),
            .group = row.text(u"group"_s),
            .accessToken = row.secret(u"access_token"_s),
            .balance = row.number(u"quota"_s),
            .used = row.number(u"used_quota"_s),
            .requestCount = row.number(u"request_count"_s),
            .invitationCode = row.text(u"aff_code"_s),
            .inviter = row.number(u"inviter_id"_s),
            .rewards = row.number(u"aff_quota"_s),
            .deleted = row.isSet(u"deleted_at"_s)};
}

ForeignToken tokenFrom(const ForeignRow &row, ForeignKind kind)
{
    const bool isNew = kind == ForeignKind::NewApi;
    const std::optional<qint64> expiry = row.strictNumber(u"expired_time"_s, -1);
    ForeignToken token{.id = row.number(u"id"_s),
                       .userId = row.number(u"user_id"_s),
                       .key = row.secret(u"key"_s),
                       .status = row.strictNumber(u"status"_s, 1).value_or(0),
                       .name = row.text(u"name"_s),
                       .createdAt = row.number(u"created_time"_s),
                       .accessedAt = row.number(u"accessed_time"_s),
                       .expiresAt = expiry.value_or(0),
                       .balance = row.number(u"remain_quota"_s),
                       .unlimited = row.flag(u"unlimited_quota"_s).value_or(false),
                       .used = row.number(u"used_quota"_s),
                       .models = row.text(isNew ? u"model_limits"_s : u"models"_s),
                       .addresses = row.text(isNew ? u"allow_ips"_s : u"subnet"_s),
                       .group = row.text(u"group"_s),
                       .deleted = row.isSet(u"deleted_at"_s)};
    const std::optional<bool> limits =
        isNew ? row.flag(u"model_limits_enabled"_s) : !token.models.isEmpty();
    token.limitsModels = limits.value_or(true);
    token.hasUnreadableLimit = !expiry || !limits;
    return token;
}

ForeignChannel channelFrom(const ForeignRow &row)
{
    return {.id = row.number(u"id"_s),
            .type = row.number(u"type"_s),
            .key = row.secret(u"key"_s),
            .status = row.strictNumber(u"status"_s, 1).value_or(0),
            .name = row.text(u"name"_s),
            .weight = row.number(u"weight"_s),
            .priority = row.number(u"priority"_s),
            .createdAt = row.number(u"created_time"_s),
            .testedAt = row.number(u"test_time"_s),
            .responseMilliseconds = row.number(u"response_time"_s),
            .balance = row.real(u"balance"_s),
            .balanceAt = row.number(u"balance_updated_time"_s),
            .used = row.number(u"used_quota"_s),
            .baseUrl = row.text(u"base_url"_s),
            .other = row.text(u"other"_s),
            .models = row.text(u"models"_s),
            .groups = row.text(u"group"_s),
            .modelMapping = row.text(u"model_mapping"_s),
            .systemPrompt = row.text(u"system_prompt"_s),
            .organization = row.text(u"openai_organization"_s),
            .testModel = row.text(u"test_model"_s),
            .tag = row.text(u"tag"_s),
            .remark = row.text(u"remark"_s),
            .config = row.secret(u"config"_s),
            .setting = row.secret(u"setting"_s),
            .bodyOverrides = row.secret(u"param_override"_s),
            .headerOverrides = row.secret(u"header_override"_s),
            .keyStates = row.secret(u"channel_info"_s)};
}

// A view, or a table that a module makes up, may never end.
Result<Names> tablesOf(Database &database)
{
    const auto names = rowsOf(database,
                              execute(database,
                                      u"SELECT lower(name) FROM pragma_table_list"
                                      " WHERE schema = 'main' AND type = 'table'"_s),
                              [](const QSqlQuery &row) { return row.value(0).toString(); });
    if (!names)
        return fail(names.error());
    return Names(names->begin(), names->end());
}

// Views and the like by the names of tables that are read.
Result<bool> hasOthers(Database &database)
{
    return numberOf(database,
                    execute(database,
                            u"SELECT count(*) FROM pragma_table_list"
                            " WHERE schema = 'main' AND type <> 'table' AND lower(name) IN"
                            " ('users', 'tokens', 'channels', 'options', 'logs', 'redemptions')"_s))
        .map([](qint64 count) { return count > 0; });
}

Result<Names> columnsOf(Database &database, const QString &table)
{
    const auto names = rowsOf(database,
                              execute(database,
                                      u"SELECT lower(name) FROM pragma_table_info(:table)"_s,
                                      {{u":table"_s, table}}),
                              [](const QSqlQuery &row) { return row.value(0).toString(); });
    if (!names)
        return fail(names.error());
    return Names(names->begin(), names->end());
}

bool isCcSwitch(const Names &tables, const Names &columns)
{
    return tables.contains(u"providers"_s)
           && columns.contains(Names{u"app_type"_s, u"name"_s, u"settings_config"_s});
}

// There is no number of a schema: the columns tell the programs apart.
Result<ForeignKind> kindOf(Database &database, const Names &tables, const QString &path)
{
    if (tables.contains(u"channel_keys"_s) && tables.contains(u"usage_records"_s)) {
        return fail(
            ErrorCode::InvalidInput,
            Message::tr("The file %1 is a database of Gatehouse itself. It is restored as a "
                        "backup: Settings, Backup, \"Restore from a file…\".")
                .arg(path));
    }
    const Result<Names> providers = columnsOf(database, u"providers"_s);
    if (!providers)
        return fail(providers.error());
    if (isCcSwitch(tables, *providers))
        return ForeignKind::CcSwitch;
    const Result<bool> others = hasOthers(database);
    if (!others)
        return fail(others.error());
    const auto users = columnsOf(database, u"users"_s);
    const auto tokens = columnsOf(database, u"tokens"_s);
    const auto channels = columnsOf(database, u"channels"_s);
    for (const auto *columns : {&users, &tokens, &channels}) {
        if (!*columns)
            return fail(columns->error());
    }
    const bool isFamily =
        !*others && tables.contains(Names{u"users"_s, u"tokens"_s, u"channels"_s})
        && users->contains(Names{u"username"_s, u"password"_s, u"role"_s, u"quota"_s})
        && tokens->contains(Names{u"user_id"_s, u"key"_s, u"remain_quota"_s})
        && channels->contains(Names{u"type"_s, u"key"_s, u"models"_s});
    // Descendants that number the types of channels in ways of their own.
    const bool isOther = channels->contains(u"only_chat"_s) || channels->contains(u"pre_cost"_s)
                         || tables.contains(u"user_groups"_s);
    if (!isFamily || isOther) {
        return fail(ErrorCode::InvalidInput,
                    Message::tr("The file %1 is a database, but neither of One API nor of New API "
                                "nor of cc-switch. Databases of other programs cannot be imported.")
                        .arg(path));
    }
    if (tables.contains(u"setups"_s) || tokens->contains(u"model_limits_enabled"_s)
        || channels->contains(u"auto_ban"_s) || users->contains(u"aff_count"_s))
        return ForeignKind::NewApi;
    if (channels->contains(u"config"_s) && tokens->contains(u"subnet"_s))
        return ForeignKind::OneApi;
    return fail(
        ErrorCode::InvalidInput,
        Message::tr("The database %1 is of an old version of One API. Start a current One "
                    "API once on a copy of it, which brings it up to date, and import that.")
            .arg(path));
}

// The logs are the most of a database by far: what their ids say of their number will do.
void countWhatStays(Database &database, const Names &tables, ForeignGateway &gateway)
{
    if (tables.contains(u"logs"_s)) {
        gateway.logs = numberOf(database,
                                execute(database,
                                        u"SELECT coalesce((SELECT max(rowid) FROM logs)"
                                        " - (SELECT min(rowid) FROM logs) + 1, 0)"_s))
                           .value_or(0);
    }
    if (tables.contains(u"redemptions"_s)) {
        gateway.redemptions =
            numberOf(database, execute(database, u"SELECT count(*) FROM redemptions"_s))
                .value_or(0);
    }
}

Result<QMap<QString, QString>> optionsOf(Database &database, const Names &tables)
{
    QMap<QString, QString> options;
    if (!tables.contains(u"options"_s))
        return options;
    const auto rows = rowsOfTable(database, u"SELECT * FROM options"_s, [](const ForeignRow &row) {
        return std::pair(row.text(u"key"_s), row.text(u"value"_s));
    });
    if (!rows)
        return fail(rows.error());
    for (const auto &[key, value] : *rows)
        options.insert(key, value);
    return options;
}

// Columns that came with later versions may be missing, so that all are read.
Result<ForeignGateway> readCcSwitch(Database &database)
{
    constexpr qsizetype longest = 256 * 1024;
    const auto bounded = [](const ForeignRow &row, const QString &column) -> QString {
        const QString text = row.text(column);
        return text.size() > longest ? QString() : text;
    };
    auto providers = rowsOfTable(database,
                                 u"SELECT * FROM providers ORDER BY app_type, rowid LIMIT 5000"_s,
                                 [&](const ForeignRow &row) {
                                     return ForeignProvider{
                                         .app = bounded(row, u"app_type"_s),
                                         .name = bounded(row, u"name"_s),
                                         .category = bounded(row, u"category"_s),
                                         .settings = Secret(bounded(row, u"settings_config"_s)),
                                         .meta = Secret(bounded(row, u"meta"_s))};
                                 });
    if (!providers)
        return fail(providers.error());
    return ForeignGateway{.kind = ForeignKind::CcSwitch, .providers = std::move(*providers)};
}

Result<ForeignGateway> readAll(Database &database, const Names &tables, const QString &path)
{
    const Result<ForeignKind> kind = kindOf(database, tables, path);
    if (!kind)
        return fail(kind.error());
    if (*kind == ForeignKind::CcSwitch)
        return readCcSwitch(database);
    auto users = rowsOfTable(database, u"SELECT * FROM users ORDER BY id"_s, userFrom);
    if (!users)
        return fail(users.error());
    auto tokens = rowsOfTable(database,
                              u"SELECT * FROM tokens ORDER BY id"_s,
                              [&](const ForeignRow &row) { return tokenFrom(row, *kind); });
    if (!tokens)
        return fail(tokens.error());
    auto channels = rowsOfTable(database, u"SELECT * FROM channels ORDER BY id"_s, channelFrom);
    if (!channels)
        return fail(channels.error());
    const auto options = optionsOf(database, tables);
    if (!options)
        return fail(options.error());
    return ForeignGateway{.kind = *kind,
                          .users = std::move(*users),
                          .tokens = std::move(*tokens),
                          .channels = std::move(*channels),
                          .options = *options};
}

} // namespace

Result<ForeignGateway>
readForeignGateway(const QString &path, const QString &folder, const std::stop_token &stop)
{
    const auto file = ForeignFile::open(path, folder, stop);
    if (!file)
        return fail(file.error());
    Database &database = (*file)->database();
    const Result<Names> tables = tablesOf(database);
    Result<ForeignGateway> gateway =
        tables ? readAll(database, *tables, path) : Result<ForeignGateway>(fail(tables.error()));
    if (!gateway)
        return fail((*file)->errorFrom(gateway.error()));
    (*file)->unlock();
    if (gateway->kind != ForeignKind::CcSwitch)
        countWhatStays(database, *tables, *gateway);
    if (stop.stop_requested())
        return fail(importStopped());
    return gateway;
}

} // namespace gatehouse::storage
