#pragma once

#include <QString>

#include <concepts>
#include <vector>

namespace gatehouse::base {

// A sentence for people. It is made in English, which logs, API answers and the command line show, and
// remembers what it was made of, so that a window can show it in the reader's language:
//
//     Message::tr("The name %1 is taken by %2.").arg(name, owner)
//
// A value; any thread may hold it, but translated() reads the translations of the application, which
// are the main thread's to change.
class Message
{
public:
    Message() = default;

    // `source` is a literal, whose places %1 to %9 are filled in their order. lupdate collects it.
    static Message tr(const char *source);
    // What has no translation: a name, or the words of another program.
    static Message verbatim(QString text);
    // What others have said in both: `shown` is in the reader's language already.
    static Message verbatim(QString english, QString shown);

    // Fills the next places of what tr() made. What is put in may hold a %1 of its own; a Message keeps
    // its translation.
    template<typename... Parts>
    [[nodiscard]] Message arg(Parts &&...parts) const
    {
        Q_ASSERT(m_source);
        Message filled = *this;
        (filled.m_parts.push_back(part(std::forward<Parts>(parts))), ...);
        filled.m_english = fill(filled.pattern(), filled.m_parts, &Message::english);
        return filled;
    }

    bool isEmpty() const { return m_english.isEmpty(); }
    QString english() const { return m_english; }
    QString translated() const;

    // Two messages are the same if they say the same.
    bool operator==(const Message &other) const { return m_english == other.m_english; }

private:
    static Message part(Message message) { return message; }
    static Message part(const QString &text) { return verbatim(text); }
    static Message part(QStringView text) { return verbatim(text.toString()); }
    static Message part(std::integral auto number) { return verbatim(QString::number(number)); }
    static Message part(double number) { return verbatim(QString::number(number, 'g', 12)); }

    QString pattern() const { return QString::fromUtf8(m_source); }
    static QString fill(const QString &pattern,
                        const std::vector<Message> &parts,
                        QString (Message::*text)() const);

    const char *m_source = nullptr; // null: verbatim
    std::vector<Message> m_parts;
    QString m_english;
    QString m_shown; // null: as in English
};

} // namespace gatehouse::base
