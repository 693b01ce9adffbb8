#include "http/headscan.h"

#include "http/refusals.h"
#include "http/syntax.h"

#include <algorithm>

namespace gatehouse::http {

void HeadScan::begin(const Rules &rules)
{
    *this = HeadScan();
    m_rules = rules;
}

Scan HeadScan::refuse(const Refusal &refusal)
{
    m_refusal = &refusal;
    return Scan::Refused;
}

Scan HeadScan::scan(QByteArrayView input)
{
    const char *const data = input.data();
    const auto end = static_cast<qsizetype>(std::min<qint64>(input.size(), m_rules.bytes));
    while (m_at < end) {
        const char byte = data[m_at];
        if (m_afterReturn) {
            if (byte != '\n')
                return refuse(refusals::bareCarriageReturn);
            m_afterReturn = false;
            const qsizetype length = m_at - 1 - m_lineBegin;
            ++m_at;
            if (m_firstLine < 0)
                m_firstLine = length;
            else if (length == 0)
                return Scan::Whole;
            m_lineBegin = m_at;
            continue;
        }
        if (m_at == m_lineBegin && beginLine(byte) == Scan::Refused)
            return Scan::Refused;
        if (takeByte(byte) == Scan::Refused)
            return Scan::Refused;
        ++m_at;
        if (m_firstLine >= 0 && !m_afterReturn)
            m_at = skipText(data + m_at, data + end) - data;
    }
    return m_at >= m_rules.bytes ? refuse(*m_rules.tooLarge) : Scan::More;
}

Scan HeadScan::beginLine(char byte)
{
    if (m_firstLine < 0)
        return Scan::More;
    if (byte == ' ' || byte == '\t')
        return refuse(refusals::foldedField);
    if (byte != '\r' && ++m_fields > m_rules.fields)
        return refuse(*m_rules.tooManyFields);
    return Scan::More;
}

Scan HeadScan::takeByte(char byte)
{
    if (byte == '\r') {
        m_afterReturn = true;
        return Scan::More;
    }
    if (byte == '\n')
        return refuse(refusals::bareLineFeed);
    if (syntax::is(byte, syntax::HighByte)) {
        if (!m_rules.allowsHighBytes)
            return refuse(refusals::highByte);
    } else if (!syntax::is(byte, syntax::TextByte)) {
        return refuse(refusals::controlByte);
    }
    if (m_firstLine < 0 && m_rules.targetBytes >= 0) {
        if (byte == ' ') {
            m_inTarget = m_targetBegin < 0;
            if (m_inTarget)
                m_targetBegin = m_at + 1;
        } else if (m_inTarget && m_at - m_targetBegin >= m_rules.targetBytes) {
            return refuse(refusals::targetTooLong);
        }
    }
    return Scan::More;
}

const char *HeadScan::skipText(const char *from, const char *end) const
{
    return syntax::skipText(from, end, m_rules.allowsHighBytes);
}

} // namespace gatehouse::http
