#include "commands/argumentreader.h"

#include "base/redaction.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace gatehouse::app {

using base::ErrorCode;
using base::fail;
using base::Message;
using base::Result;

ArgumentReader::ArgumentReader(const QStringList &arguments)
    : m_arguments(arguments)
{
    if (const qsizetype end = m_arguments.indexOf(u"--"_s); end >= 0) {
        m_words = m_arguments.mid(end + 1);
        m_arguments.resize(end);
    }
}

bool ArgumentReader::takeFlag(const QString &name, const QString &shortName)
{
    const qsizetype before = m_arguments.size();
    m_arguments.removeIf([&](const QString &argument) {
        return argument == name || (!shortName.isEmpty() && argument == shortName);
    });
    return m_arguments.size() < before;
}

Result<std::optional<QString>> ArgumentReader::takeValue(const QString &name,
                                                         const QString &shortName)
{
    const QString withValue = name + u'=';
    std::optional<QString> value;
    for (qsizetype i = 0; i < m_arguments.size();) {
        const QString argument = m_arguments.at(i);
        if (argument.startsWith(withValue)) {
            value = argument.mid(withValue.size());
            m_arguments.removeAt(i);
        } else if (argument == name || (!shortName.isEmpty() && argument == shortName)) {
            if (i + 1 >= m_arguments.size()) {
                return fail(ErrorCode::InvalidInput,
                            Message::verbatim(u"The option %1 needs a value."_s.arg(argument)));
            }
            value = m_arguments.at(i + 1);
            m_arguments.remove(i, 2);
        } else {
            ++i;
        }
    }
    return value;
}

Result<std::optional<int>>
ArgumentReader::takeNumber(const QString &name, int most, const QString &shortName)
{
    const auto text = takeValue(name, shortName);
    if (!text)
        return fail(text.error());
    if (!*text)
        return std::optional<int>();
    bool isNumber = false;
    const int number = (*text)->toInt(&isNumber);
    if (isNumber && number >= 1 && number <= most)
        return std::optional(number);
    return fail(ErrorCode::InvalidInput,
                Message::verbatim(
                    u"The option %1 needs a whole number from 1 to %2."_s.arg(name).arg(most)));
}

Result<QStringList>
ArgumentReader::takeWords(qsizetype least, qsizetype most, const QString &usage) const
{
    const auto unknown =
        std::find_if(m_arguments.begin(), m_arguments.end(), [](const QString &argument) {
            return argument.size() > 1 && argument.startsWith(u'-');
        });
    if (unknown != m_arguments.end()) {
        return fail(ErrorCode::InvalidInput,
                    Message::verbatim(u"\"%1\" is not understood. Write: %2"_s.arg(
                        base::redacted(*unknown), usage)));
    }
    const QStringList words = m_arguments + m_words;
    if (words.size() < least || words.size() > most)
        return fail(ErrorCode::InvalidInput, Message::verbatim(u"Write: %1"_s.arg(usage)));
    return words;
}

} // namespace gatehouse::app
