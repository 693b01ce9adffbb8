#include "commands/resource.h"

#include "base/json.h"

#include <QSet>

using namespace Qt::StringLiterals;

namespace gatehouse::app {

using base::ErrorCode;
using base::fail;
using base::Result;

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
    askPage(0, {}, std::move(then));
}

void ResourceCommand::askPage(int page, Rows rows, std::function<void(const Rows &)> then)
{
    constexpr int pageLength = 100;
    const QByteArray target = m_resource.path + "/?p=" + QByteArray::number(page)
                              + "&page_size=" + QByteArray::number(pageLength);
    ask("GET",
        target,
        {},
        [this, page, rows = std::move(rows), then = std::move(then)](const QJsonValue &data) {
            Rows all = rows;
            const QJsonArray part = data.toArray();
            for (const QJsonValue &each : part) {
                // What was made since the page before moves the others on, to be met again.
                const QJsonObject row = each.toObject();
                if (all.empty() || idOf(row) < idOf(all.back()))
                    all.push_back(row);
            }
            if (part.size() < pageLength)
                then(all);
            else
                askPage(page + 1, std::move(all), then);
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

qint64 idOf(const QJsonObject &row)
{
    return row.value(u"id"_s).toInteger();
}

Result<QJsonObject> rowOf(const Resource &resource, const Rows &rows, const QString &reference)
{
    bool isNumber = false;
    const qint64 id = reference.toLongLong(&isNumber);
    QStringList candidates;
    QJsonObject found;
    for (const QJsonObject &row : rows) {
        if (isNumber && idOf(row) == id)
            return row;
        if (row.value(resource.name).toString() == reference) {
            candidates.append(QString::number(idOf(row)));
            found = row;
        }
    }
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
