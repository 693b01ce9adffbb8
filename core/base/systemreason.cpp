#include "base/systemreason.h"

#include <QtGlobal>

#ifdef Q_OS_LINUX
#include <cerrno>
#include <clocale>
#include <cstring>
#endif

using namespace Qt::StringLiterals;

namespace gatehouse::base {

namespace {

#ifdef Q_OS_LINUX

constexpr int largestNumber = 133; // EHWPOISON

QString englishOf(int number)
{
    // The system's own table, without the language of the process.
    static const locale_t plain = ::newlocale(LC_ALL_MASK, "C", nullptr);
    return plain ? QString::fromLocal8Bit(::strerror_l(number, plain)) : qt_error_string(number);
}

#else

QString englishOf(int number)
{
    return qt_error_string(number);
}

#endif

} // namespace

Message systemReason(const QString &text)
{
#ifdef Q_OS_LINUX
    for (int number = 1; number <= largestNumber; ++number) {
        if (qt_error_string(number) == text)
            return Message::verbatim(englishOf(number), text);
    }
#endif
    return Message::verbatim(text);
}

Message systemReason(int number)
{
    return Message::verbatim(englishOf(number), qt_error_string(number));
}

} // namespace gatehouse::base
