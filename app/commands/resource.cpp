#include "commands/resource.h"

#include "base/json.h"

#include <QJsonArray>
#include <QSet>

#include <optional>

using namespace Qt::StringLiterals;

namespace gatehouse::app {

using base::ErrorCode;
using base::fail;
using base::Result;

namespace {

QStringList textsIn(const QJsonArray &array)
{
    QStringList texts;
    for (const QJsonValue &text : array)
        texts.append(text.toString());
    return texts;
}

// A text with commas, or an array of texts.
QStringList groupsIn(const QJsonValue &value)
{
    QStringList groups = value.isArray() ? textsIn(value.toArray()) : value.toString().split(u',');
    for (QString &group : groups)
        group = group.trimmed();
    groups.removeAll(QString());
    return groups;
}

} // namespace

ResourceCommand::ResourceCommand(const Options &options, const Resource &resource, bool json)
    : m_resource(resource)
    , m_json(json)
    , m_environment(options.environment)
    , m_commander(options)
{}

void ResourceCommand::start()
{
    connect(&m_commander, &Commander::failed, this, &ResourceCommand::giveUp);
    run();
}

void ResourceCommand::giveUpOn(const base::Error &error)
{
    giveUp(error.code == ErrorCode::InvalidInput ? ExitCode::Usage : exitCodeOf(error.code),
           error.message.english());
}

void ResourceCommand::ask(const QByteArray &method,
                          const QByteArray &target,
                          const QJsonObject &body,
                          std::function<void(const QJsonValue &data)> then)
{
    m_commander.ask(method,
                    target,
                    body.isEmpty() ? QByteArray() : base::compactJson(body),
                    [this, then = std::move(then)](const CommandAnswer &answer) {
                        if (answer.succeeded())
                            then(answer.body.value(u"data"_s));
                        else
                            giveUp(answer.exitCode(), answer.message());
                    });
}

void ResourceCommand::list(std::function<void(const Rows &)> then)
{
    askPage({}, std::move(then));
}

// From the last row on, and not by a number of rows: others are made and removed meanwhile.
void ResourceCommand::askPage(Rows rows, std::function<void(const Rows &)> then)
{
    constexpr int pageLength = 100;
    QByteArray target = m_resource.path + "/?page_size=" + QByteArray::number(pageLength);
    if (!rows.empty())
        target += "&before=" + QByteArray::number(idOf(rows.back()));
    ask("GET",
        target,
        {},
        [this, rows = std::move(rows), then = std::move(then)](const QJsonValue &data) {
            Rows all = rows;
            const QJsonArray part = data.toArray();
            for (const QJsonValue &row : part)
                all.push_back(row.toObject());
            if (part.size() < pageLength)
                then(all);
            else
                askPage(std::move(all), then);
        });
}

void ResourceCommand::find(const QStringList &references, std::function<void(const Rows &)> then)
{
    list([this, references, then = std::move(then)](const Rows &all) {
        Rows found;
        QSet<qint64> ids;
        for (const QString &reference : references) {
            const Result<QJsonObject> row = rowOf(m_resource, all, reference);
            if (!row) {
                giveUpOn(row.error());
                return;
            }
            if (!ids.contains(idOf(*row)))
                found.push_back(*row);
            ids.insert(idOf(*row));
        }
        then(found);
    });
}

void ResourceCommand::checkGroups(const QJsonObject &body, std::function<void()> then)
{
    const QStringList wanted = groupsIn(body.value(m_resource.groups));
    if (wanted.isEmpty()) {
        then();
        return;
    }
    ask("GET", "/api/group", {}, [this, wanted, then = std::move(then)](const QJsonValue &data) {
        const QStringList known = textsIn(data.toArray());
        QStringList unknown = wanted;
        unknown.removeIf([&](const QString &name) { return known.contains(name); });
        if (unknown.isEmpty()) {
            then();
            return;
        }
        giveUp(ExitCode::Usage,
               u"There is no group \"%1\". There are: %2."_s.arg(plainLine(unknown.front()),
                                                                 plainLine(known.join(u", "_s))));
    });
}

qint64 idOf(const QJsonObject &row)
{
    return row.value(u"id"_s).toInteger();
}

Result<QJsonObject> rowOf(const Resource &resource, const Rows &rows, const QString &reference)
{
    const bool isId = reference.startsWith("id:"_L1);
    const bool isName = reference.startsWith("name:"_L1);
    const QString word = isId || isName ? reference.section(u':', 1) : reference;
    bool isNumber = false;
    const qint64 id = word.toLongLong(&isNumber);
    std::optional<QJsonObject> numbered;
    QStringList candidates;
    QJsonObject found;
    for (const QJsonObject &row : rows) {
        if (isNumber && !isName && idOf(row) == id)
            numbered = row;
        if (!isId && row.value(resource.name).toString() == word) {
            candidates.append(QString::number(idOf(row)));
            found = row;
        }
    }
    const bool isOther = !candidates.isEmpty() && (candidates.size() > 1 || idOf(found) != id);
    if (numbered && isOther) {
        return fail(ErrorCode::InvalidInput,
                    base::Message::verbatim(
                        u"\"%1\" is the ID of %2 and the name of %3. Write id:%1 or name:%1."_s.arg(
                            word, titleOf(resource, *numbered), titleOf(resource, found))));
    }
    if (numbered)
        return *numbered;
    if (candidates.size() == 1)
        return found;
    if (candidates.isEmpty()) {
        return fail(
            ErrorCode::NotFound,
            base::Message::verbatim(
                u"There is no %1 \"%2\". \"gatehouse %1 list\" shows those that there are."_s.arg(
                    resource.noun, reference)));
    }
    return fail(
        ErrorCode::InvalidInput,
        base::Message::verbatim(
            u"Several %1s are named \"%2\". Write the ID of the one that is meant: %3."_s.arg(
                resource.noun, reference, candidates.join(u", "_s))));
}

QString titleOf(const Resource &resource, const QJsonObject &row)
{
    return u"%1 \"%2\" (%3)"_s.arg(
        resource.noun, plainLine(row.value(resource.name).toString()), QString::number(idOf(row)));
}

QJsonObject shownOf(const Resource &resource, const QJsonObject &row)
{
    return resource.shown ? resource.shown(row) : row;
}

QString enabledText(int status)
{
    switch (status) {
    case 1:
        return u"enabled"_s;
    case 2:
        return u"disabled"_s;
    case 3:
        return u"disabled automatically"_s;
    default:
        return u"unknown"_s;
    }
}

QString workersHelp(const QString &exitCodes)
{
    return u"Speaks to the running Gatehouse of the data directory, or works on its own if there\n"
           "is none. Exit codes: 0 done, 1 it is refused, 2 the command line is wrong or a name\n"
           "is that of several, 3 the running Gatehouse does not answer, 4 there is no such\n"
           "thing, or nothing in the data directory, 5 it is not permitted, 6 it is there already"_s
           + exitCodes + u".\n"_s;
}

} // namespace gatehouse::app
