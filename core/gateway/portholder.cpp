// This file reads Linux' own tables of sockets and processes.
#include "gateway/portholder.h"

#include <QDir>
#include <QFile>
#include <QTcpServer>

using namespace Qt::StringLiterals;

namespace gatehouse::gateway {

namespace {

// The inode of the socket that listens on the port, by /proc/net/tcp or tcp6: proc(5).
QByteArray listeningInode(const QString &table, quint16 port)
{
    QFile file(table);
    if (!file.open(QIODevice::ReadOnly))
        return {};
    constexpr int localAddress = 1;
    constexpr int state = 3;
    constexpr int inode = 9;
    // Files of proc tell no size; they are read to their end.
    const QList<QByteArray> lines = file.readAll().split('\n');
    for (const QByteArray &line : lines) {
        const QList<QByteArray> fields = line.simplified().split(' ');
        if (fields.size() <= inode || fields[state] != "0A")
            continue;
        const QByteArray &address = fields[localAddress];
        if (address.mid(address.lastIndexOf(':') + 1).toUShort(nullptr, 16) == port)
            return fields[inode];
    }
    return {};
}

bool holds(const QString &process, const QString &socket)
{
    const QDir files(u"/proc/"_s + process + u"/fd"_s);
    const QStringList names = files.entryList(QDir::Files | QDir::System | QDir::NoDotAndDotDot);
    return std::any_of(names.cbegin(), names.cend(), [&](const QString &name) {
        return QFile::symLinkTarget(files.filePath(name)).endsWith(socket);
    });
}

QString nameOf(const QString &process)
{
    QFile file(u"/proc/"_s + process + u"/comm"_s);
    return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()).trimmed() : QString();
}

} // namespace

std::optional<PortHolder> holderOfPort(quint16 port)
{
    for (const QString &table : {u"/proc/net/tcp"_s, u"/proc/net/tcp6"_s}) {
        const QByteArray inode = listeningInode(table, port);
        if (inode.isEmpty())
            continue;
        const QString socket = u"socket:["_s + QString::fromLatin1(inode) + u']';
        const QStringList entries =
            QDir(u"/proc"_s).entryList(QDir::Dirs | QDir::NoDotAndDotDot, QDir::Unsorted);
        for (const QString &process : entries) {
            if (process.front().isDigit() && holds(process, socket))
                return PortHolder{.program = nameOf(process), .process = process.toLongLong()};
        }
    }
    return std::nullopt;
}

quint16 nextFreePort(const QHostAddress &host, quint16 port)
{
    constexpr int tries = 100;
    constexpr int largest = 65'535;
    constexpr int unprivileged = 1024;
    for (int candidate = std::max(port + 1, unprivileged);
         candidate <= std::min(largest, std::max<int>(port, unprivileged) + tries);
         ++candidate) {
        QTcpServer probe;
        if (probe.listen(host, static_cast<quint16>(candidate)))
            return static_cast<quint16>(candidate);
    }
    return 0;
}

} // namespace gatehouse::gateway
