#include "secrets/keyfilestore.h"

#include "base/logging.h"
#include "base/systemreason.h"
#include "secrets/machinesecrets.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <bitset>

using namespace Qt::StringLiterals;

namespace gatehouse::secrets {

namespace {

using State = StoreOutcome::State;

constexpr qint64 smallestKey = 32;
constexpr qint64 largestKey = 64 * 1024;
// Random text of 32 hexadecimal digits has fewer than this many with a chance of 1e-7.
constexpr size_t smallestVariety = 8;

bool isSpace(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

bool isText(const QByteArray &content)
{
    return std::all_of(content.begin(), content.end(), [](char byte) {
        return (byte > ' ' && byte <= '~') || isSpace(byte);
    });
}

size_t variety(const QByteArray &content)
{
    std::bitset<256> seen;
    for (const char byte : content)
        seen.set(static_cast<unsigned char>(byte));
    return seen.count();
}

StoreOutcome failedKeyFile(State state, const base::Message &text)
{
    return {.state = state, .text = text};
}

} // namespace

KeyFileStore::KeyFileStore(QString path, QObject *parent)
    : QObject(parent)
    , m_path(std::move(path))
{}

void KeyFileStore::read(StoreAnswer answer)
{
    answerLater(std::move(answer), readNow());
}

void KeyFileStore::write(const base::Secret &, StoreAnswer answer)
{
    answerLater(std::move(answer),
                failedKeyFile(State::Failed, base::Message::tr("a key file is never written")));
}

void KeyFileStore::remove(StoreAnswer answer)
{
    answerLater(std::move(answer),
                failedKeyFile(State::Failed, base::Message::tr("a key file is never removed")));
}

base::Message KeyFileStore::place() const
{
    return base::Message::tr("the key file %1").arg(QDir::toNativeSeparators(m_path));
}

// Container platforms mount secrets readable by all, so that this is worth a warning and no refusal.
StoreOutcome KeyFileStore::readNow() const
{
    const QFileInfo info(m_path);
    if (!info.exists())
        return {.state = State::Absent};
    QFile file(m_path);
    if (!info.isFile() || !file.open(QIODevice::ReadOnly)) {
        const bool denied = info.isFile() && !info.isReadable();
        return failedKeyFile(denied ? State::Denied : State::Failed,
                             info.isFile() ? base::systemReason(file.errorString())
                                           : base::Message::tr("it is not a file"));
    }
#ifndef Q_OS_WIN
    if (info.permissions() & QFile::ReadOther)
        qCWarning(base::lcSecrets, "Every user of this machine may read the master key file.");
#endif
    QByteArray content = file.read(largestKey + 1);
    if (file.error() != QFileDevice::NoError)
        return failedKeyFile(State::Failed, base::systemReason(file.errorString()));
    if (content.size() > largestKey)
        return failedKeyFile(State::Failed, base::Message::tr("it is larger than 64 KiB"));
    if (isText(content)) {
        while (!content.isEmpty() && isSpace(content.back()))
            content.chop(1);
    }
    if (content.size() < smallestKey || variety(content) < smallestVariety) {
        return failedKeyFile(
            State::Failed,
            base::Message::tr("it must hold at least 32 random bytes or characters, as made by:"
                              " openssl rand -base64 48"));
    }
    return {.state = State::Found,
            .item = MachineSecrets::derivedFrom(base::Secret(content)).serialised()};
}

void KeyFileStore::answerLater(StoreAnswer answer, StoreOutcome outcome)
{
    QMetaObject::invokeMethod(
        this,
        [answer = std::move(answer), outcome = std::move(outcome)] { answer(outcome); },
        Qt::QueuedConnection);
}

} // namespace gatehouse::secrets
