#include "commands/command.h"

#include "base/json.h"
#include "base/systemreason.h"

#include <cerrno>
#include <cstdio>
#include <cstring>

using namespace Qt::StringLiterals;

namespace gatehouse::app {

namespace {

int lossOfOutput = 0; // errno

// What a terminal would obey: messages repeat names that anybody may have chosen.
bool isObeyedByTerminals(QChar character)
{
    const char16_t unit = character.unicode();
    const bool isTurn = (unit >= 0x202a && unit <= 0x202e) || (unit >= 0x2066 && unit <= 0x2069);
    return isTurn
           || (character.category() == QChar::Other_Control && unit != u'\n' && unit != u'\t');
}

QString withoutControls(const QString &text)
{
    QString plain;
    for (const QChar character : text) {
        plain += isObeyedByTerminals(character)
                     ? u"\\u%1"_s.arg(uint(character.unicode()), 4, 16, QChar(u'0'))
                     : QString(character);
    }
    return plain;
}

} // namespace

void printText(const QByteArray &text)
{
    errno = 0;
    const auto size = static_cast<size_t>(text.size());
    if (std::fwrite(text.constData(), 1, size, stdout) == size && std::fflush(stdout) == 0)
        return;
    const int reason = errno;
    if (lossOfOutput == 0 && reason != EBADF)
        lossOfOutput = reason != 0 ? reason : EIO;
}

bool isOutputLost()
{
    return lossOfOutput != 0;
}

void printLine(const QString &text)
{
    printText(text.toUtf8() + '\n');
}

void printErrorLine(const QString &text)
{
    const QByteArray line = withoutControls(text).toUtf8() + '\n';
    std::fwrite(line.constData(), 1, static_cast<size_t>(line.size()), stderr);
    std::fflush(stderr);
}

void printJson(const QJsonObject &object)
{
    printLine(QString::fromUtf8(base::compactJson(object)));
}

void Command::giveUp(ExitCode code, const QString &message)
{
    printErrorLine(u"gatehouse: "_s + message);
    finish(code);
}

void Command::finish(ExitCode code)
{
    if (code != ExitCode::Ok || !isOutputLost()) {
        emit finished(code);
        return;
    }
    // Who reads no further, such as head, knows.
    if (lossOfOutput != EPIPE) {
        printErrorLine(u"gatehouse: The output cannot be written (%1)."_s.arg(
            base::systemReason(lossOfOutput).english()));
    }
    emit finished(ExitCode::Failure);
}

} // namespace gatehouse::app
