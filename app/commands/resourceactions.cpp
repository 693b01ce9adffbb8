#include "base/json.h"
#include "commands/draft.h"

using namespace Qt::StringLiterals;

namespace gatehouse::app {

using base::fail;
using base::Result;

namespace {

QByteArray targetOfRow(const Resource &resource, qint64 id)
{
    return resource.path + '/' + QByteArray::number(id);
}

class ListRows final : public ResourceCommand
{
public:
    using ResourceCommand::ResourceCommand;

private:
    void run() override
    {
        list([this](const Rows &rows) {
            if (isJson()) {
                QJsonArray array;
                for (const QJsonObject &row : rows)
                    array.append(shownOf(resource(), row));
                printLine(QString::fromUtf8(base::compactJson(array)));
            } else if (rows.empty()) {
                printLine(u"There are no %1s yet. \"gatehouse %1 add\" makes one."_s.arg(
                    resource().noun));
            } else {
                printLine(resource().table(rows));
            }
            finish(ExitCode::Ok);
        });
    }
};

class ShowRow final : public ResourceCommand
{
public:
    ShowRow(const Options &options, const Resource &resource, const Arguments &arguments)
        : ResourceCommand(options, resource, arguments.has(jsonOption))
        , m_reference(arguments.operands())
    {}

private:
    void run() override
    {
        find(m_reference, [this](const Rows &rows) {
            const QJsonObject row = shownOf(resource(), rows.front());
            printLine(isJson() ? QString::fromUtf8(base::compactJson(row))
                               : factsText(resource().facts(row)));
            finish(ExitCode::Ok);
        });
    }

    const QStringList m_reference;
};

class AddRow final : public ResourceCommand
{
public:
    AddRow(const Options &options, const Resource &resource, Draft draft)
        : ResourceCommand(options, resource, draft.arguments().has(jsonOption))
        , m_draft(std::move(draft))
    {}

private:
    void run() override
    {
        Result<QJsonObject> body = m_draft.body(environment());
        if (!body) {
            giveUpOn(body.error());
            return;
        }
        const QStringList names = m_draft.arguments().operands();
        if (!names.isEmpty())
            body->insert(resource().name, names.front());
        if (resource().complete) {
            if (Result<> complete = resource().complete(m_draft.arguments(), *body); !complete) {
                giveUpOn(complete.error());
                return;
            }
        }
        checkGroups(*body, [this, body = *body] { add(body); });
    }

    void add(const QJsonObject &body)
    {
        ask("POST", resource().path + '/', body, [this](const QJsonValue &data) {
            const QJsonObject row = data.toObject();
            if (isJson())
                printLine(QString::fromUtf8(base::compactJson(row)));
            else if (resource().announce)
                resource().announce(row);
            else
                printLine(u"Added %1."_s.arg(titleOf(resource(), row)));
            finish(ExitCode::Ok);
        });
    }

    const Draft m_draft;
};

class EditRow final : public ResourceCommand
{
public:
    EditRow(const Options &options, const Resource &resource, Draft draft)
        : ResourceCommand(options, resource, draft.arguments().has(jsonOption))
        , m_draft(std::move(draft))
    {}

private:
    void run() override
    {
        const Result<QJsonObject> body = m_draft.body(environment());
        if (!body) {
            giveUpOn(body.error());
            return;
        }
        find(m_draft.arguments().operands(), [this, body = *body](const Rows &rows) {
            const QJsonObject &row = rows.front();
            Result<Rows> changes = Rows{body};
            if (resource().changes)
                changes = resource().changes(body, row);
            if (!changes) {
                giveUpOn(changes.error());
                return;
            }
            m_id = idOf(row);
            m_changes = *changes;
            checkGroups(body, [this] { changeNext(0); });
        });
    }

    void changeNext(size_t index)
    {
        if (index == m_changes.size()) {
            // Not every answer holds what has become of it.
            ask("GET", targetOfRow(resource(), m_id), {}, [this](const QJsonValue &data) {
                const QJsonObject row = shownOf(resource(), data.toObject());
                printLine(isJson() ? QString::fromUtf8(base::compactJson(row))
                                   : QString(u"Changed %1."_s.arg(titleOf(resource(), row))));
                finish(ExitCode::Ok);
            });
            return;
        }
        QJsonObject body = m_changes[index];
        body.insert(u"id"_s, m_id);
        ask("PUT", resource().path + '/', body, [this, index](const QJsonValue &) {
            changeNext(index + 1);
        });
    }

    const Draft m_draft;
    qint64 m_id = 0;
    Rows m_changes{};
};

// One request for each of several things, of which some may be refused.
class ChangeEach final : public ResourceCommand
{
public:
    enum class Change { Remove, Enable, Disable };

    ChangeEach(const Options &options,
               const Resource &resource,
               const Arguments &arguments,
               Change change)
        : ResourceCommand(options, resource, arguments.has(jsonOption))
        , m_references(arguments.operands())
        , m_change(change)
    {}

private:
    void run() override
    {
        find(m_references, [this](const Rows &rows) {
            m_rows = rows;
            changeNext();
        });
    }

    void changeNext()
    {
        if (m_done == m_rows.size()) {
            end();
            return;
        }
        const qint64 id = idOf(m_rows[m_done]);
        const auto answered = [this](const CommandAnswer &answer) { changed(answer); };
        if (m_change == Change::Remove) {
            commander().ask("DELETE", targetOfRow(resource(), id), {}, answered);
            return;
        }
        const QJsonObject body{{u"id"_s, id}, {u"status"_s, m_change == Change::Enable ? 1 : 2}};
        commander().ask("PUT",
                        resource().path + '/' + resource().switchQuery,
                        base::compactJson(body),
                        answered);
    }

    void changed(const CommandAnswer &answer)
    {
        const QJsonObject &row = m_rows[m_done++];
        m_last = answer.exitCode();
        m_good += answer.succeeded() ? 1 : 0;
        m_results.append(QJsonObject{{u"id"_s, idOf(row)},
                                     {resource().name, row.value(resource().name)},
                                     {u"success"_s, answer.succeeded()},
                                     {u"message"_s, answer.message()}});
        if (!answer.succeeded()) {
            printErrorLine(u"gatehouse: %1: %2"_s.arg(titleOf(resource(), row), answer.message()));
        } else if (!isJson()) {
            const QString done = m_change == Change::Remove   ? u"Removed"_s
                                 : m_change == Change::Enable ? u"Enabled"_s
                                                              : u"Disabled"_s;
            printLine(u"%1 %2."_s.arg(done, titleOf(resource(), row)));
        }
        changeNext();
    }

    void end()
    {
        if (isJson())
            printLine(QString::fromUtf8(base::compactJson(m_results)));
        if (m_good == m_rows.size())
            finish(ExitCode::Ok);
        else
            finish(m_rows.size() == 1 ? m_last : ExitCode::PartialFailure);
    }

    const QStringList m_references;
    const Change m_change;
    Rows m_rows{};
    QJsonArray m_results{};
    size_t m_done = 0;
    size_t m_good = 0;
    ExitCode m_last = ExitCode::Ok;
};

} // namespace

std::vector<Action> actionsOf(const Resource &resource)
{
    const QString one = resource.noun.toUpper();
    const QString several = one + u"…"_s;
    const auto changeEach = [&resource](ChangeEach::Change change) {
        return [&resource, change](const Options &options,
                                   const Arguments &arguments) -> Result<std::unique_ptr<Command>> {
            return std::make_unique<ChangeEach>(options, resource, arguments, change);
        };
    };
    std::vector<Action> actions;
    actions.push_back(
        {.name = u"list"_s,
         .otherNames = {u"ls"_s},
         .help = u"all %1s"_s.arg(resource.noun),
         .make = [&resource](const Options &options,
                             const Arguments &arguments) -> Result<std::unique_ptr<Command>> {
             return std::make_unique<ListRows>(options, resource, arguments.has(jsonOption));
         }});
    actions.push_back({.name = u"show"_s,
                       .operands = one,
                       .help = u"all there is to know of one"_s,
                       .fewest = 1,
                       .most = 1,
                       .make = [&resource](const Options &options, const Arguments &arguments)
                           -> Result<std::unique_ptr<Command>> {
                           return std::make_unique<ShowRow>(options, resource, arguments);
                       }});
    actions.push_back({.name = u"add"_s,
                       .otherNames = {u"create"_s},
                       .operands = u"NAME"_s,
                       .help = u"makes one"_s,
                       .fewest = 1,
                       .most = 1,
                       .options = Draft::options(resource, true),
                       .make = [&resource](const Options &options, const Arguments &arguments)
                           -> Result<std::unique_ptr<Command>> {
                           Result<Draft> draft = Draft::of(resource, arguments, true);
                           if (!draft)
                               return fail(draft.error());
                           return std::make_unique<AddRow>(options, resource, std::move(*draft));
                       }});
    actions.push_back({.name = u"edit"_s,
                       .operands = one,
                       .help = u"changes what the options name, and nothing else"_s,
                       .fewest = 1,
                       .most = 1,
                       .options = Draft::options(resource, false),
                       .make = [&resource](const Options &options, const Arguments &arguments)
                           -> Result<std::unique_ptr<Command>> {
                           Result<Draft> draft = Draft::of(resource, arguments, false);
                           if (!draft)
                               return fail(draft.error());
                           return std::make_unique<EditRow>(options, resource, std::move(*draft));
                       }});
    actions.push_back({.name = u"rm"_s,
                       .otherNames = {u"remove"_s, u"delete"_s},
                       .operands = several,
                       .help = u"removes them"_s,
                       .fewest = 1,
                       .most = Action::anyNumber,
                       .make = changeEach(ChangeEach::Change::Remove)});
    actions.push_back({.name = u"enable"_s,
                       .operands = several,
                       .help = u"enables them"_s,
                       .fewest = 1,
                       .most = Action::anyNumber,
                       .make = changeEach(ChangeEach::Change::Enable)});
    actions.push_back({.name = u"disable"_s,
                       .operands = several,
                       .help = u"disables them"_s,
                       .fewest = 1,
                       .most = Action::anyNumber,
                       .make = changeEach(ChangeEach::Change::Disable)});
    return actions;
}

} // namespace gatehouse::app
