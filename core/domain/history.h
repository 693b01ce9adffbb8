#pragma once

#include "domain/user.h"

#include <QJsonArray>
#include <QJsonValue>
#include <QString>

#include <optional>
#include <vector>

namespace gatehouse::domain {

// On whose behalf something is done, and whether it takes something back.
struct Author
{
    // The numbers are stored.
    enum class Kind {
        Computer = 1, // the window, or a command on this computer
        User = 2,     // by the management API
        Program = 3,  // by itself, such as a channel that is disabled automatically
    };
    enum class Way { Directly = 0, Undo = 1, Redo = 2 };

    Kind kind = Kind::Computer;
    UserId user{};  // of Kind::User; null: nobody is known
    QString name{}; // of that user, as it was then
    Way way = Way::Directly;

    bool operator==(const Author &) const = default;
};

// While one lives, what is begun in its thread is done on behalf of the author. What runs later or elsewhere
// takes the author along: see admin::whenDone(), CatalogPublisher::change() and StorageThreads::write().
class ActingAs
{
public:
    explicit ActingAs(Author author);
    ~ActingAs();
    ActingAs(const ActingAs &) = delete;
    ActingAs &operator=(const ActingAs &) = delete;

    // The innermost of this thread; without any, this computer.
    static const Author &present();

private:
    Author m_former;
};

// A field of an object before and after. Null: there was no value, or it says nothing.
struct FieldChange
{
    QString field{}; // its stable name: "base_url"
    QJsonValue before{};
    QJsonValue after{};
    bool hidden = false; // a secret, of which neither value is here

    bool operator==(const FieldChange &) const = default;
};

using FieldChanges = std::vector<FieldChange>;

enum class HistoryObject {
    Channel,
    User,
    Token,
    Group,
    Price,
    Routing, // of a model
    Setting,
    Secret, // of an integration
    Backup,
    Import,
    Ledger,
};

enum class HistoryAction {
    Created,
    Changed,
    Removed,
    Restored,
    DisabledByProgram, // disabled by the program, since it does not work
    EnabledByProgram,  // and enabled again
    CircuitOpened,
    CircuitClosed,
    KeyRevealed,
    KeyReplaced,
    KeysForgotten, // only the ends of those of all tokens are left
    GraceEnded,    // the former key of a token is valid no more
    UsageReset,
    ToppedUp,
    PasswordChanged,
    AccessTokenRenewed,
    SignedIn,
    SignInFailed,
    SignedOut, // all sessions of the user, or of everybody
    Cleared,
    Recalculated,
    Exported,
};

// One line of the history of changes.
struct HistoryEntry
{
    qint64 id = 0;
    qint64 at = 0; // milliseconds since 1970, UTC
    Author author{};
    HistoryObject object = HistoryObject::Channel;
    qint64 objectId = 0;  // 0: it has none
    QString objectName{}; // as it was then
    HistoryAction action = HistoryAction::Changed;
    FieldChanges fields{};

    bool operator==(const HistoryEntry &) const = default;
};

// Stable, since they are stored and told to other programs: "channel", "sign_in_failed".
QString nameOf(HistoryObject object);
QString nameOf(HistoryAction action);
QString nameOf(Author::Kind kind); // "computer", "user", "program"
QString nameOf(Author::Way way);   // "directly", "undo", "redo"
std::optional<HistoryObject> historyObjectNamed(const QString &name);
std::optional<HistoryAction> historyActionNamed(const QString &name);
const std::vector<HistoryObject> &historyObjects();
const std::vector<HistoryAction> &historyActions();

// [{"field": "priority", "old": 0, "new": 5}, {"field": "key", "hidden": true}]
QJsonArray fieldsJson(const FieldChanges &fields);
FieldChanges fieldsFrom(const QJsonArray &json);

} // namespace gatehouse::domain
