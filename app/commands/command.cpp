#include "commands/command.h"

#include "base/json.h"

#include <cstdio>

namespace gatehouse::app {

void printLine(const QString &text)
{
    const QByteArray line = text.toUtf8() + '\n';
    std::fwrite(line.constData(), 1, static_cast<size_t>(line.size()), stdout);
    std::fflush(stdout);
}

void printErrorLine(const QString &text)
{
    const QByteArray line = text.toUtf8() + '\n';
    std::fwrite(line.constData(), 1, static_cast<size_t>(line.size()), stderr);
    std::fflush(stderr);
}

void printJson(const QJsonObject &object)
{
    printLine(QString::fromUtf8(base::compactJson(object)));
}

void Command::giveUp(ExitCode code, const QString &message)
{
    printErrorLine(QStringLiteral("gatehouse: ") + message);
    finish(code);
}

} // namespace gatehouse::app
