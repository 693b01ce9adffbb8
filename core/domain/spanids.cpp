#include "domain/spanids.h"

#include <QCryptographicHash>
#include <QStringBuilder>
#include <QUuid>

namespace gatehouse::domain {

namespace {

constexpr qsizetype traceBytes = 16;
constexpr qsizetype spanBytes = 8;

} // namespace

SpanIds::SpanIds(const QByteArray &requestId)
    : m_seed(requestId.isEmpty() ? QUuid::createUuid().toRfc4122() : requestId)
{}

QByteArray SpanIds::trace() const
{
    return idOf("trace", traceBytes);
}

QByteArray SpanIds::server() const
{
    return idOf("server", spanBytes);
}

QByteArray SpanIds::attempt(size_t number) const
{
    return idOf("attempt " + QByteArray::number(qulonglong(number)), spanBytes);
}

QByteArray SpanIds::idOf(const QByteArray &of, qsizetype bytes) const
{
    const QByteArray text = of + " " + m_seed;
    return QCryptographicHash::hash(text, QCryptographicHash::Sha256).first(bytes).toHex();
}

} // namespace gatehouse::domain
