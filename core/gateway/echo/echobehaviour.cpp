#include "gateway/echo/echobehaviour.h"

#include <QHash>
#include <QStringList>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace gatehouse::gateway {

namespace {

// No wait is longer than this, however the model is called.
constexpr std::chrono::milliseconds longestWait{600'000};

// "500ms", "2s" or a number of milliseconds.
std::chrono::milliseconds duration(const QString &text, std::chrono::milliseconds otherwise)
{
    QStringView number = text;
    qint64 unit = 1;
    if (number.endsWith(u"ms"_s)) {
        number.chop(2);
    } else if (number.endsWith(u's')) {
        number.chop(1);
        unit = 1000;
    }
    bool isNumber = false;
    const uint value = number.toUInt(&isNumber);
    if (!isNumber)
        return otherwise;
    return std::min(longestWait, std::chrono::milliseconds(value * unit));
}

// The parts that stand alone.
bool EchoBehaviour::*flag(const QString &part)
{
    static const QHash<QString, bool EchoBehaviour::*> flags = {
        {u"cut"_s, &EchoBehaviour::cut},
        {u"hang"_s, &EchoBehaviour::hang},
        {u"nousage"_s, &EchoBehaviour::noUsage},
        {u"badjson"_s, &EchoBehaviour::badJson},
        {u"html"_s, &EchoBehaviour::html},
        {u"empty"_s, &EchoBehaviour::empty},
        {u"error200"_s, &EchoBehaviour::errorWithStatus200},
        {u"tool"_s, &EchoBehaviour::callTool},
    };
    return flags.value(part, nullptr);
}

} // namespace

EchoBehaviour echoBehaviour(const QString &model)
{
    EchoBehaviour behaviour;
    const QStringList parts = model.split(u'-');
    if (parts.front() != u"echo"_s)
        return behaviour;

    for (qsizetype i = 1; i < parts.size(); ++i) {
        const QString &part = parts[i];
        const QString next = i + 1 < parts.size() ? parts[i + 1] : QString();
        if (part == u"fast"_s) {
            behaviour.gap = std::chrono::milliseconds(0);
        } else if (part == u"slow"_s) {
            behaviour.delay = duration(next, std::chrono::milliseconds(1000));
        } else if (part == u"gap"_s) {
            behaviour.gap = duration(next, behaviour.gap);
        } else if (part == u"error"_s) {
            const int status = next.toInt();
            behaviour.errorStatus = status >= 400 && status <= 599 ? status : 500;
        } else if (part == u"long"_s) {
            const qint64 words = next.toLongLong();
            behaviour.words = std::clamp<qint64>(words, 1, EchoBehaviour::mostWords);
        } else if (bool EchoBehaviour::*member = flag(part)) {
            behaviour.*member = true;
        }
    }
    return behaviour;
}

} // namespace gatehouse::gateway
