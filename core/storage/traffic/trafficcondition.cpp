#include "storage/traffic/trafficcondition.h"

#include "domain/usagerecord.h"
#include "storage/textsearch.h"

#include <cmath>

namespace gatehouse::storage {

using namespace Qt::StringLiterals;

using base::ErrorCode;
using base::Message;
using base::Result;
using domain::EndReason;
using domain::FilterTerm;
using Comparison = FilterTerm::Comparison;

namespace {

static_assert(int(EndReason::Completed) == 0 && int(EndReason::ClientGone) == 2
              && int(EndReason::ShutDown) == 4 && int(EndReason::Cancelled) == 5);

// The words of `status:`.
struct Status
{
    QLatin1StringView name{};
    QStringView sql{};
};
constexpr Status statuses[] = {
    {"ok"_L1, u"(http_status < 400 AND end_reason = 0)"},
    {"error"_L1, u"(end_reason NOT IN (2, 4, 5) AND NOT (http_status < 400 AND end_reason = 0))"},
    {"broken"_L1, u"(http_status < 400 AND end_reason NOT IN (0, 2, 4, 5))"}, // it had begun well
    {"cancelled"_L1, u"end_reason IN (2, 4, 5)"},
    {"running"_L1, u"1 = 0"},
    {"2xx"_L1, u"(http_status >= 200 AND http_status < 300)"},
    {"3xx"_L1, u"(http_status >= 300 AND http_status < 400)"},
    {"4xx"_L1, u"(http_status >= 400 AND http_status < 500)"},
    {"5xx"_L1, u"(http_status >= 500 AND http_status < 600)"},
};

// A key whose values are texts of columns; %1 is how they are compared. What serves a model is called
// as the model mostly, and then is not compared a second time.
struct TextKey
{
    QLatin1StringView name{};
    QStringView sql{};
    QStringView idColumn{}; // of "#3"; empty: it has no ids
};
constexpr TextKey textKeys[] = {
    {"model"_L1, u"(model %1 OR (provider_model <> model AND provider_model %1))"},
    {"channel"_L1,
     u"channel_id IN (SELECT id FROM channels WHERE channels.name %1)",
     u"channel_id"},
    {"token"_L1, u"token_name %1", u"token_id"},
    {"user"_L1, u"username %1", u"user_id"},
    {"client"_L1, u"client %1"},
    {"operation"_L1, u"operation %1"},
    {"session"_L1, u"session %1"},
    {"id"_L1, u"coalesce(request_id, '') %1"},
    {"ip"_L1, u"client_address %1"},
    {"error"_L1, u"error_code %1"},
    {"group"_L1, u"group_name %1"},
};

constexpr auto triedKey = "tried"_L1;
constexpr auto cacheKey = "cache"_L1;

// Where free text is looked for. Many lines have none of those of the second list.
constexpr QStringView textColumns[] = {
    u"model", u"token_name", u"username", u"coalesce(request_id, '')"};
constexpr QStringView sparseTextColumns[] = {u"client", u"error_code", u"session"};

// A key whose values are numbers; a filter's 1 is `scale` in the column.
struct NumberKey
{
    QLatin1StringView name{};
    QStringView column{};
    double scale = 1;
    bool mayBeAbsent = false; // then it is below zero, and no comparison holds
};
constexpr NumberKey numberKeys[] = {
    {"cost"_L1, u"cost", 1e9},
    {"in"_L1, u"input"},
    {"cached"_L1, u"cache_read"},
    {"out"_L1, u"output"},
    {"ttft"_L1, u"first_byte", 1, true},
    {"duration"_L1, u"elapsed"},
    {"attempts"_L1, u"attempts"},
    {"key"_L1, u"channel_key_id"},
};

// There are few bookmarks, so that the lines are found by them; what has no id has none.
struct FlagKey
{
    QLatin1StringView name{};
    QStringView yes{};
};
constexpr FlagKey flagKeys[] = {
    {"stream"_L1, u"stream = :yes"},
    {"retried"_L1, u"attempts > 1"},
    {"priced"_L1, u"unpriced <> :yes"},
    {"bookmarked"_L1,
     u"request_id IS NOT NULL AND request_id IN (SELECT request_id FROM bookmarks)"},
};

QStringView operatorOf(Comparison comparison)
{
    switch (comparison) {
    case Comparison::Less:
        return u"<";
    case Comparison::LessOrEqual:
        return u"<=";
    case Comparison::Greater:
        return u">";
    case Comparison::GreaterOrEqual:
        return u">=";
    case Comparison::Is:
        break;
    }
    return u"=";
}

// For LIKE: "*" is any text, "?" any character.
QString likePattern(const QString &glob)
{
    QString pattern;
    for (const QChar character : glob) {
        if (character == u'*')
            pattern += u'%';
        else if (character == u'?')
            pattern += u'_';
        else if (character == u'%' || character == u'_' || character == u'\\')
            pattern += u"\\"_s + character;
        else
            pattern += character;
    }
    return pattern;
}

template<typename Key, size_t size>
const Key *keyNamed(const Key (&keys)[size], const QString &name)
{
    const auto found = std::find_if(
        std::begin(keys), std::end(keys), [&name](const Key &key) { return key.name == name; });
    return found == std::end(keys) ? nullptr : found;
}

// Turns the terms of one filter into conditions.
class Compiler
{
public:
    Compiler(const Dialect &dialect, qint64 now, const QTimeZone &zone)
        : m_dialect(dialect)
        , m_now(now)
        , m_zone(zone)
    {}

    Result<> add(const FilterTerm &term);
    TrafficCondition take() { return std::move(m_condition); }

private:
    Result<QString> alternativesOf(const FilterTerm &term);
    Result<QString> conditionOf(const FilterTerm &term, const QString &value);
    Result<QString> statusIs(const FilterTerm &term, const QString &value);
    Result<QString> textIs(const TextKey &key, const FilterTerm &term, const QString &value);
    Result<QString> triedIs(const FilterTerm &term, const QString &value);
    Result<QString> cacheIs(const FilterTerm &term, const QString &value);
    Result<QString> numberIs(const NumberKey &key, const FilterTerm &term, const QString &value);
    Result<QString> flagIs(const FlagKey &key, const FilterTerm &term, const QString &value);
    QString freeText(const QString &value);
    Result<> addMoment(const FilterTerm &term);
    QString bind(const QVariant &value);
    QString likeness(const QString &pattern);
    static std::optional<qint64> idFrom(const QString &value);
    static tl::unexpected<base::Error> noOrder(const FilterTerm &term);
    static tl::unexpected<base::Error> refusal(const Message &sentence);

    const Dialect m_dialect;
    const qint64 m_now;
    const QTimeZone &m_zone;
    TrafficCondition m_condition{};
};

tl::unexpected<base::Error> Compiler::refusal(const Message &sentence)
{
    return base::fail(ErrorCode::InvalidInput, sentence);
}

tl::unexpected<base::Error> Compiler::noOrder(const FilterTerm &term)
{
    return refusal(Message::tr("“%1” is a text, which is not greater or less.").arg(term.key));
}

// Of "#3".
std::optional<qint64> Compiler::idFrom(const QString &value)
{
    bool isNumber = false;
    const qint64 id = value.startsWith(u'#') ? value.sliced(1).toLongLong(&isNumber) : 0;
    return isNumber ? std::optional(id) : std::nullopt;
}

// The name of the placeholder is the program's own.
QString Compiler::bind(const QVariant &value)
{
    const QString name = u":f"_s + QString::number(m_condition.bindings.size());
    m_condition.bindings.push_back({name, value});
    return name;
}

// What follows a text that shall match; letters count as equal whatever their case. Folding the texts
// themselves would cost more than all the rest.
QString Compiler::likeness(const QString &pattern)
{
    return (m_dialect.isSqlite() ? u"LIKE "_s : u"ILIKE "_s) % bind(pattern) % u" ESCAPE '\\'"_s;
}

Result<> Compiler::add(const FilterTerm &term)
{
    if (term.value.isEmpty())
        return {}; // it is still being written
    if (term.key == "since"_L1 || term.key == "until"_L1)
        return addMoment(term);
    const Result<QString> condition = alternativesOf(term);
    if (!condition)
        return base::fail(condition.error());
    m_condition.sql += (term.excluded ? u" AND NOT ("_s : u" AND ("_s) + *condition + u')';
    return {};
}

Result<QString> Compiler::alternativesOf(const FilterTerm &term)
{
    QStringList conditions;
    const QStringList values =
        term.key.isEmpty() ? QStringList{term.value} : domain::alternatives(term);
    for (const QString &value : values) {
        const Result<QString> condition = conditionOf(term, value);
        if (!condition)
            return condition;
        conditions.append(*condition);
    }
    return conditions.isEmpty() ? u"1 = 1"_s : conditions.join(u" OR "_s);
}

Result<QString> Compiler::conditionOf(const FilterTerm &term, const QString &value)
{
    constexpr qsizetype longest = 1'000; // nothing that is stored here is longer
    if (value.size() > longest)
        return u"1 = 0"_s;
    if (term.key.isEmpty())
        return freeText(value);
    if (term.key == "status"_L1)
        return statusIs(term, value);
    if (term.key == triedKey)
        return triedIs(term, value);
    if (term.key == cacheKey)
        return cacheIs(term, value);
    if (const TextKey *key = keyNamed(textKeys, term.key))
        return textIs(*key, term, value);
    if (const NumberKey *key = keyNamed(numberKeys, term.key))
        return numberIs(*key, term, value);
    if (const FlagKey *key = keyNamed(flagKeys, term.key))
        return flagIs(*key, term, value);
    return refusal(Message::tr("“%1” is no key of this filter.").arg(term.key));
}

Result<QString> Compiler::statusIs(const FilterTerm &term, const QString &value)
{
    if (const Status *status = keyNamed(statuses, value.toLower());
        status && term.comparison == Comparison::Is)
        return status->sql.toString();
    bool isNumber = false;
    const int number = value.toInt(&isNumber);
    if (!isNumber) {
        return refusal(Message::tr("“%1” is no status. Write ok, error, cancelled, 4xx, 5xx "
                                   "or a number such as 429.")
                           .arg(value));
    }
    return u"http_status "_s % operatorOf(term.comparison) % u' ' % bind(number);
}

Result<QString> Compiler::textIs(const TextKey &key, const FilterTerm &term, const QString &value)
{
    if (term.comparison != Comparison::Is)
        return noOrder(term);
    if (!key.idColumn.isEmpty()) {
        if (const std::optional<qint64> id = idFrom(value))
            return key.idColumn % u" = "_s % bind(*id);
    }
    return key.sql.toString().replace(u"%1"_s, likeness(likePattern(value)));
}

// Hardly any line has more than one attempt, and of those a pattern keeps most from being read as JSON.
Result<QString> Compiler::triedIs(const FilterTerm &term, const QString &value)
{
    if (term.comparison != Comparison::Is)
        return noOrder(term);
    if (const std::optional<qint64> id = idFrom(value)) {
        const QString is = u"= "_s % bind(*id);
        return u"channel_id "_s % is % u" OR (attempts > 1 AND attempt_log LIKE "_s
               % bind(logPatternOf({*id})) % u" AND "_s % triedAmongSeveral(m_dialect, is) % u')';
    }
    const QString among =
        u"IN (SELECT id FROM channels WHERE channels.name "_s % likeness(likePattern(value)) % u')';
    return u"channel_id "_s % among % u" OR (attempts > 1 AND "_s
           % triedAmongSeveral(m_dialect, among) % u')';
}

Result<QString> Compiler::cacheIs(const FilterTerm &term, const QString &value)
{
    using domain::CacheResult;
    const QByteArray word = value.toLower().toUtf8();
    for (const CacheResult result : {CacheResult::Hit, CacheResult::Miss, CacheResult::Bypass}) {
        if (term.comparison == Comparison::Is && word == domain::nameOf(result))
            return u"cache_result = "_s % bind(static_cast<int>(result));
    }
    return refusal(Message::tr("Write cache:hit, cache:miss or cache:bypass."));
}

Result<QString>
Compiler::numberIs(const NumberKey &key, const FilterTerm &term, const QString &value)
{
    const std::optional<double> number = domain::filterNumber(value);
    constexpr double most = 9e18;
    if (!number || !std::isfinite(*number) || std::abs(*number * key.scale) > most)
        return refusal(Message::tr("“%1” is no number that “%2” could be compared with.")
                           .arg(value, term.key));
    const QString compared = key.column % u' ' % operatorOf(term.comparison) % u' '
                             % bind(static_cast<qint64>(std::llround(*number * key.scale)));
    return key.mayBeAbsent ? u"("_s % key.column % u" >= 0 AND "_s % compared % u')' : compared;
}

Result<QString> Compiler::flagIs(const FlagKey &key, const FilterTerm &term, const QString &value)
{
    static const QStringList yes{u"yes"_s, u"true"_s, u"1"_s};
    static const QStringList no{u"no"_s, u"false"_s, u"0"_s};
    const QString word = value.toLower();
    if (term.comparison != Comparison::Is || (!yes.contains(word) && !no.contains(word)))
        return refusal(Message::tr("Write %1:yes or %1:no.").arg(term.key));
    QString condition = key.yes.toString();
    if (condition.contains(u":yes"_s))
        condition.replace(u":yes"_s, bind(true));
    return yes.contains(word) ? condition : u"NOT ("_s % condition % u')';
}

QString Compiler::freeText(const QString &value)
{
    const bool hasWildcards = value.contains(u'*') || value.contains(u'?');
    if (m_dialect.isSqlite() && !hasWildcards && textsearch::isInstalled()) {
        const QString part = bind(value);
        const QString channels = u"FROM channels WHERE any_holds("_s % part % u", channels.name)"_s;
        // Where no channel is called so, which is found out once, no line is looked up among them.
        return u"any_holds("_s % part
               % u", model, token_name, username, request_id, client, error_code, session,"
                 " provider_model) OR (EXISTS (SELECT 1 "_s
               % channels % u") AND channel_id IN (SELECT id "_s % channels % u"))"_s;
    }
    const QString like = likeness(u'%' % likePattern(value) % u'%');
    QStringList places;
    for (const QStringView column : textColumns)
        places.append(column % u' ' % like);
    for (const QStringView column : sparseTextColumns)
        places.append(u'(' % column % u" <> '' AND "_s % column % u' ' % like % u')');
    places.append(u"(provider_model <> model AND provider_model "_s % like % u')');
    places.append(u"channel_id IN (SELECT id FROM channels WHERE channels.name "_s % like % u')');
    return places.join(u" OR "_s);
}

Result<> Compiler::addMoment(const FilterTerm &term)
{
    const std::optional<qint64> moment = momentFrom(term.value, m_now, m_zone);
    if (!moment || term.comparison != Comparison::Is || term.excluded) {
        return refusal(Message::tr("“%1” is no time. Write 30m, 24h, 7d, today or a date "
                                   "such as 2026-01-31.")
                           .arg(term.value));
    }
    if (term.key == "since"_L1) {
        // A plus keeps the databases from reading by time what is to be read by id.
        m_condition.sql += u" AND +created_at >= "_s + bind(*moment);
        m_condition.since = std::max(m_condition.since, *moment);
    } else {
        m_condition.sql += u" AND +created_at < "_s + bind(*moment);
        m_condition.until = m_condition.until == 0 ? *moment : std::min(m_condition.until, *moment);
    }
    return {};
}

} // namespace

QString triedAmongSeveral(const Dialect &dialect, const QString &which)
{
    const QString attempts =
        dialect.isSqlite()
            ? u"SELECT 1 FROM json_each(attempt_log) AS attempt"
              " WHERE json_extract(attempt.value, '$[0]') "_s
            // PostgreSQL decodes all of the notes to give one of them, and refuses a NUL, which a provider
            // may have said. The channel stands first.
            : u"SELECT 1 FROM json_array_elements(CAST(attempt_log AS json)) AS attempt(notes)"
              " WHERE CAST(substring(CAST(notes AS text) FROM '[0-9]+') AS bigint) "_s;
    // What has no log cannot be read as JSON.
    return u"CASE WHEN attempts > 1 AND attempt_log LIKE '[[%' THEN EXISTS ("_s % attempts % which
           % u") ELSE 1 = 0 END"_s;
}

QString logPatternOf(domain::ChannelId channel)
{
    return u"%["_s % QString::number(channel.value) % u",%"_s;
}

QStringList trafficKeys()
{
    QStringList keys{u"status"_s, u"since"_s, u"until"_s, triedKey, cacheKey};
    for (const TextKey &key : textKeys)
        keys.append(key.name);
    for (const NumberKey &key : numberKeys)
        keys.append(key.name);
    for (const FlagKey &key : flagKeys)
        keys.append(key.name);
    return keys;
}

Result<TrafficCondition> trafficCondition(const domain::FilterQuery &filter,
                                          const Dialect &dialect,
                                          qint64 now,
                                          const QTimeZone &zone)
{
    Compiler compiler(dialect, now, zone);
    for (const FilterTerm &term : filter.terms) {
        if (const Result<> added = compiler.add(term); !added)
            return base::fail(added.error());
    }
    return compiler.take();
}

} // namespace gatehouse::storage
