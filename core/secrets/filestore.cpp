#include "secrets/filestore.h"

#include "base/systemreason.h"

#include <QDir>
#include <QFileInfo>
#include <QSaveFile>

using namespace Qt::StringLiterals;

namespace gatehouse::secrets {

namespace {

using State = StoreOutcome::State;

constexpr qint64 largestItem = 64 * 1024;

// Windows protects the file by the access list of the user's profile; Qt's bits say nothing there.
bool othersMayAccess([[maybe_unused]] QFile::Permissions permissions)
{
#ifdef Q_OS_WIN
    return false;
#else
    constexpr QFile::Permissions others =
        QFile::ReadGroup | QFile::WriteGroup | QFile::ReadOther | QFile::WriteOther;
    return (permissions & others) != 0;
#endif
}

StoreOutcome failed(State state, const base::Message &text)
{
    return {.state = state, .text = text};
}

} // namespace

FileStore::FileStore(QString path, QObject *parent)
    : QObject(parent)
    , m_path(std::move(path))
{}

void FileStore::read(StoreAnswer answer)
{
    answerLater(std::move(answer), readNow());
}

void FileStore::write(const base::Secret &item, StoreAnswer answer)
{
    answerLater(std::move(answer), writeNow(item));
}

void FileStore::remove(StoreAnswer answer)
{
    QFile file(m_path);
    if (!file.exists() || file.remove())
        answerLater(std::move(answer), {.state = State::Written});
    else
        answerLater(std::move(answer),
                    failed(State::Failed, base::systemReason(file.errorString())));
}

base::Message FileStore::place() const
{
    return base::Message::tr("the file %1").arg(QDir::toNativeSeparators(m_path));
}

StoreOutcome FileStore::readNow() const
{
    const QFileInfo info(m_path);
    if (info.isSymLink() || (info.exists() && !info.isFile()))
        return failed(State::Denied, base::Message::tr("it is not a regular file"));
    if (!info.exists())
        return {.state = State::Absent};
    if (othersMayAccess(info.permissions())) {
        return failed(
            State::Denied,
            base::Message::tr(
                "other users may read or change it; if it is yours, run: chmod 600 \"%1\"")
                .arg(m_path));
    }
    QFile file(m_path);
    if (!file.open(QIODevice::ReadOnly)) {
        const bool denied = file.error() == QFileDevice::PermissionsError || !info.isReadable();
        return failed(denied ? State::Denied : State::Failed,
                      base::systemReason(file.errorString()));
    }
    if (file.size() > largestItem)
        return failed(State::Failed, base::Message::tr("it is too large to be a file of secrets"));
    const QByteArray content = file.readAll();
    if (file.error() != QFileDevice::NoError)
        return failed(State::Failed, base::systemReason(file.errorString()));
    return {.state = State::Found, .item = base::Secret(content)};
}

// QSaveFile writes a temporary file beside the target, syncs it to the disk and renames it.
StoreOutcome FileStore::writeNow(const base::Secret &item) const
{
    const QFileInfo info(m_path);
    if (info.isSymLink() || (info.exists() && !info.isFile()))
        return failed(State::Denied, base::Message::tr("it is not a regular file"));
    QSaveFile file(m_path);
    if (!file.open(QIODevice::WriteOnly))
        return failed(State::Failed, base::systemReason(file.errorString()));
    if (!file.setPermissions(QFile::ReadOwner | QFile::WriteOwner)) {
        file.cancelWriting();
        return failed(State::Failed, base::Message::tr("it cannot be protected from other users"));
    }
    file.write(item.reveal());
    if (!file.commit())
        return failed(State::Failed, base::systemReason(file.errorString()));
    return {.state = State::Written};
}

void FileStore::answerLater(StoreAnswer answer, StoreOutcome outcome)
{
    QMetaObject::invokeMethod(
        this,
        [answer = std::move(answer), outcome = std::move(outcome)] { answer(outcome); },
        Qt::QueuedConnection);
}

} // namespace gatehouse::secrets
