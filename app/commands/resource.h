#pragma once

#include "commander.h"
#include "commands/actions.h"
#include "commands/fields.h"
#include "commands/secretsource.h"
#include "commands/table.h"

namespace gatehouse::app {

using Rows = std::vector<QJsonObject>;

// The secret that a thing is made with.
struct SecretRule
{
    QString stem{};   // of its options: "--key"
    QString member{}; // of the body
    QString what{};   // in words: "password"
    bool isForNewOnly = false;
    // Read from standard input unless the options say otherwise, and one line.
    bool isNeeded = false;
    // What is sent of the text that was read; absent: the text.
    std::function<QString(const QString &)> sent{};
};

// What the management API lists and changes under one path, as the commands see it. The functions
// may be absent, apart from `table` and `facts`.
struct Resource
{
    QString noun{};                        // "channel"
    QByteArray path{};                     // "/api/channel"
    QString name = QStringLiteral("name"); // the member that people call one by
    std::vector<Field> fields{};
    // What an object may have that is sent, or shown: all that is shown can be given back. "limits.a" is a
    // member of the object "limits", of which there are no others then.
    QStringList members{};
    QString groups{}; // the member that names groups, one or several; empty: none does
    std::optional<SecretRule> secret{};
    std::vector<OptionRule> newOptions{}; // of add alone, for `complete`
    // Completes the body of a new one, or refuses it.
    std::function<base::Result<>(const Arguments &, QJsonObject &body)> complete{};
    // The bodies that change `row`, one after another. `body` holds what `fields` say.
    std::function<base::Result<Rows>(QJsonObject body, const QJsonObject &row)> changes{};
    // Of a row, what may be shown again and again.
    std::function<QJsonObject(QJsonObject row)> shown{};
    std::function<QString(const Rows &)> table{};
    std::function<Facts(const QJsonObject &row)> facts{};
    // Tells people of a new one; absent: its name and id.
    std::function<void(const QJsonObject &row)> announce{};
    QByteArray switchQuery{}; // where the state changes: "?status_only=true"
};

// list, show, add, edit, rm, enable and disable. `resource` outlives the program's commands.
std::vector<Action> actionsOf(const Resource &resource);

// A command on things of the management API. It ends at the first refusal with what that says.
class ResourceCommand : public Command
{
public:
    ResourceCommand(const Options &options, const Resource &resource, bool json);
    void start() final;

protected:
    virtual void run() = 0;

    const Resource &resource() const { return m_resource; }
    bool isJson() const { return m_json; }
    const QMap<QString, QString> &environment() const { return m_environment; }
    Commander &commander() { return m_commander; }

    void giveUpOn(const base::Error &error);
    // `then` gets the member "data" of an answer that is no refusal.
    void ask(const QByteArray &method,
             const QByteArray &target,
             const QJsonObject &body,
             std::function<void(const QJsonValue &data)> then);
    // All of them, the newest first.
    void list(std::function<void(const Rows &)> then);
    // Those that the references mean, see rowOf(). Each once.
    void find(const QStringList &references, std::function<void(const Rows &)> then);

    // `then` unless the body names a group that is not there.
    void checkGroups(const QJsonObject &body, std::function<void()> then);

private:
    void askPage(Rows rows, std::function<void(const Rows &)> then);

    const Resource &m_resource;
    const bool m_json;
    const QMap<QString, QString> m_environment;
    Commander m_commander;
};

qint64 idOf(const QJsonObject &row);
// The row that the reference means: an ID or a name, or either alone as "id:5" and "name:5". NotFound, or
// InvalidInput with the candidates where a name is that of several, or what is written is the ID of one and
// the name of another.
base::Result<QJsonObject>
rowOf(const Resource &resource, const Rows &rows, const QString &reference);
// `channel "good" (3)`
QString titleOf(const Resource &resource, const QJsonObject &row);
QJsonObject shownOf(const Resource &resource, const QJsonObject &row);
QString enabledText(int status); // of users and channels

// How commands on the running program are explained at the end of their --help.
QString workersHelp(const QString &exitCodes);

} // namespace gatehouse::app
