#include "domain/statuscodes.h"

#include <QRegularExpression>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace gatehouse::domain {

using base::ErrorCode;
using base::fail;
using base::Message;
using base::Result;

namespace {

Result<StatusRange> statusRangeFrom(const QString &part)
{
    static const QRegularExpression form(u"^(\\d{3})(?:-(\\d{3}))?$"_s);
    const QRegularExpressionMatch match = form.match(part);
    if (!match.hasMatch()) {
        return fail(ErrorCode::InvalidInput,
                    Message::tr("\"%1\" is no status code and no range of them. Write them as "
                                "429, 500-599.")
                        .arg(part.left(100)));
    }
    const int first = match.captured(1).toInt();
    const int last = match.captured(2).isEmpty() ? first : match.captured(2).toInt();
    if (first < StatusCodes::least || last > StatusCodes::most) {
        return fail(ErrorCode::InvalidInput,
                    Message::tr("%1 is outside the status codes of errors, %2 to %3.")
                        .arg(part, StatusCodes::least, StatusCodes::most));
    }
    if (first > last) {
        return fail(
            ErrorCode::InvalidInput,
            Message::tr("The range %1 ends before it begins. Write %2-%3.").arg(part, last, first));
    }
    return StatusRange{first, last};
}

} // namespace

Result<StatusCodes> StatusCodes::from(const QString &text)
{
    static const QRegularExpression separator(u"[,;\\s]+"_s);
    static const QRegularExpression dash(u"\\s*[-\\x{2013}]\\s*"_s);
    QString even = text;
    even.replace(dash, u"-"_s);
    StatusCodes codes;
    const QStringList parts = even.split(separator, Qt::SkipEmptyParts);
    for (const QString &part : parts) {
        const Result<StatusRange> range = statusRangeFrom(part);
        if (!range)
            return fail(range.error());
        codes.m_ranges.append(*range);
    }
    return codes;
}

bool StatusCodes::contains(int status) const
{
    return std::any_of(m_ranges.cbegin(), m_ranges.cend(), [status](const StatusRange &range) {
        return status >= range.first && status <= range.last;
    });
}

} // namespace gatehouse::domain
