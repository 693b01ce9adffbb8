#include "base/message.h"

#include <QCoreApplication>

#include <utility>

namespace gatehouse::base {

Message Message::tr(const char *source)
{
    Message message;
    message.m_source = source;
    message.m_english = message.pattern();
    return message;
}

Message Message::verbatim(QString text)
{
    Message message;
    message.m_english = std::move(text);
    return message;
}

Message Message::verbatim(QString english, QString shown)
{
    Message message;
    message.m_english = std::move(english);
    message.m_shown = std::move(shown);
    return message;
}

QString Message::translated() const
{
    if (!m_source)
        return m_shown.isNull() ? m_english : m_shown;
    // The context under which lupdate files what is given to Message::tr().
    return fill(QCoreApplication::translate("gatehouse::base::Message", m_source),
                m_parts,
                &Message::translated);
}

QString Message::fill(const QString &pattern,
                      const std::vector<Message> &parts,
                      QString (Message::*text)() const)
{
    QString filled;
    filled.reserve(pattern.size());
    for (qsizetype at = 0; at < pattern.size(); ++at) {
        const int digit = pattern.at(at) == u'%' && at + 1 < pattern.size()
                              ? pattern.at(at + 1).digitValue()
                              : -1;
        if (digit < 1 || static_cast<size_t>(digit) > parts.size()) {
            filled += pattern.at(at);
            continue;
        }
        filled += (parts[static_cast<size_t>(digit) - 1].*text)();
        ++at;
    }
    return filled;
}

} // namespace gatehouse::base
