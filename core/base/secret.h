#pragma once

#include <QByteArray>
#include <QString>

class QDebug;

namespace gatehouse::base {

// Text or bytes that must not reach a log, a message or a window. Only reveal() gives it back, so
// that a search for that name finds every place where a secret leaves the program.
class Secret
{
public:
    Secret() = default;
    explicit Secret(QByteArray bytes)
        : m_bytes(std::move(bytes))
    {}
    explicit Secret(const QString &text)
        : m_bytes(text.toUtf8())
    {}

    bool isEmpty() const { return m_bytes.isEmpty(); }
    const QByteArray &reveal() const { return m_bytes; }

    // In constant time for secrets of one length.
    bool operator==(const Secret &other) const;

private:
    QByteArray m_bytes;
};

// Compares without telling by its time where the two differ.
bool equalInConstantTime(QByteArrayView left, QByteArrayView right);

QDebug operator<<(QDebug debug, const Secret &secret);

} // namespace gatehouse::base
