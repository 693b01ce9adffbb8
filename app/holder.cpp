#include "holder.h"

#include "configuration/datadirectory.h"

#include <QCoreApplication>
#include <QFile>

#include <array>
#include <utility>

#ifdef Q_OS_UNIX
#include <cerrno>
#include <csignal>
#endif

using namespace Qt::StringLiterals;

namespace gatehouse::app {

using base::ErrorCode;
using base::fail;
using base::Result;

namespace {

constexpr std::array<std::pair<Holder::Kind, QByteArrayView>, 3> kindNames{
    {{Holder::Kind::Serve, "serve"},
     {Holder::Kind::Window, "window"},
     {Holder::Kind::Command, "command"}}};

// When the process began; 0 if there is none, or if the system does not say.
qint64 beginOf(qint64 process)
{
#ifdef Q_OS_LINUX
    QFile file(u"/proc/%1/stat"_s.arg(process));
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    // The name of the program, in brackets, may hold anything; the field wanted is the 20th after it.
    const QByteArray text = file.readAll();
    const QList<QByteArray> fields = text.mid(text.lastIndexOf(')') + 2).split(' ');
    constexpr qsizetype startTime = 19;
    return fields.size() > startTime ? fields.at(startTime).toLongLong() : 0;
#else
    Q_UNUSED(process)
    return 0;
#endif
}

bool isAlive(const Holder &holder)
{
#ifdef Q_OS_UNIX
    if (::kill(static_cast<pid_t>(holder.process), 0) != 0 && errno == ESRCH)
        return false;
#endif
    return beginOf(holder.process) == holder.began;
}

} // namespace

Holder ownHolder(Holder::Kind kind)
{
    const qint64 process = QCoreApplication::applicationPid();
    return {.kind = kind, .process = process, .began = beginOf(process)};
}

QByteArray holderLine(const Holder &holder)
{
    QByteArray line;
    for (const auto &[kind, name] : kindNames) {
        if (kind == holder.kind)
            line = name.toByteArray();
    }
    return line + ' ' + QByteArray::number(holder.process) + ' ' + QByteArray::number(holder.began)
           + '\n';
}

std::optional<Holder> holderFrom(QByteArrayView line)
{
    if (!line.endsWith('\n'))
        return {};
    const QList<QByteArray> words = line.chopped(1).toByteArray().split(' ');
    if (words.size() != 3)
        return {};
    bool isProcess = false;
    bool isTime = false;
    Holder holder{.process = words.at(1).toInt(&isProcess),
                  .began = words.at(2).toLongLong(&isTime)};
    // Numbers below 1 stand for groups of processes.
    if (!isProcess || !isTime || holder.process < 1 || holder.began < 0)
        return {};
    for (const auto &[kind, name] : kindNames) {
        if (words.at(0) == name) {
            holder.kind = kind;
            return holder;
        }
    }
    return {};
}

std::optional<Holder> holderOf(const QString &directory)
{
    const std::optional<Holder> holder =
        holderFrom(FileLock::noteIn(DataDirectory::lockFile(directory)));
    if (!holder || !isAlive(*holder))
        return {};
    return holder;
}

bool canRequestEnd()
{
#ifdef Q_OS_UNIX
    return true;
#else
    return false;
#endif
}

Result<> requestEnd(const Holder &holder)
{
#ifdef Q_OS_UNIX
    if (holder.process < 1 || !isAlive(holder))
        return fail(ErrorCode::NotFound,
                    base::Message::tr("The other Gatehouse has ended already."));
    if (::kill(static_cast<pid_t>(holder.process), SIGTERM) == 0)
        return {};
    if (errno == ESRCH)
        return fail(ErrorCode::NotFound,
                    base::Message::tr("The other Gatehouse has ended already."));
    return fail(ErrorCode::Denied,
                base::Message::tr("The other Gatehouse belongs to another account."));
#else
    Q_UNUSED(holder)
    return fail(ErrorCode::Unavailable,
                base::Message::tr("The other Gatehouse must be stopped where it was started."));
#endif
}

} // namespace gatehouse::app
