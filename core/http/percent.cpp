#include "http/percent.h"

using namespace Qt::StringLiterals;

namespace gatehouse::http {

namespace {

int hexDigit(char byte)
{
    if (byte >= '0' && byte <= '9')
        return byte - '0';
    if (byte >= 'a' && byte <= 'f')
        return byte - 'a' + 10;
    if (byte >= 'A' && byte <= 'F')
        return byte - 'A' + 10;
    return -1;
}

base::Result<QByteArray> decode(QByteArrayView text, bool plusIsSpace)
{
    QByteArray decoded;
    decoded.reserve(text.size());
    for (qsizetype index = 0; index < text.size(); ++index) {
        char byte = text[index];
        if (byte == '%') {
            const int high = index + 2 < text.size() ? hexDigit(text[index + 1]) : -1;
            const int low = index + 2 < text.size() ? hexDigit(text[index + 2]) : -1;
            if (high < 0 || low < 0) {
                return base::fail(
                    base::ErrorCode::InvalidInput,
                    base::Message::verbatim(
                        u"The address holds a '%' without two hexadecimal digits."_s));
            }
            byte = static_cast<char>(high * 16 + low);
            index += 2;
        } else if (byte == '+' && plusIsSpace) {
            byte = ' ';
        }
        if (byte == '\0')
            return base::fail(base::ErrorCode::InvalidInput,
                              base::Message::verbatim(u"The address holds a NUL."_s));
        decoded.append(byte);
    }
    return decoded;
}

} // namespace

base::Result<QByteArray> decodePercent(QByteArrayView text)
{
    return decode(text, false);
}

base::Result<QByteArray> decodeForm(QByteArrayView text)
{
    return decode(text, true);
}

base::Result<std::vector<Parameter>> parametersFrom(QByteArrayView query)
{
    std::vector<Parameter> parameters;
    while (!query.isEmpty()) {
        const qsizetype end = query.indexOf('&');
        const QByteArrayView piece = end < 0 ? query : query.first(end);
        query = end < 0 ? QByteArrayView() : query.sliced(end + 1);
        if (piece.isEmpty())
            continue;
        const qsizetype equals = piece.indexOf('=');
        auto name = decodeForm(equals < 0 ? piece : piece.first(equals));
        if (!name)
            return base::fail(std::move(name.error()));
        auto value = decodeForm(equals < 0 ? QByteArrayView() : piece.sliced(equals + 1));
        if (!value)
            return base::fail(std::move(value.error()));
        parameters.push_back({std::move(*name), std::move(*value)});
    }
    return parameters;
}

std::optional<QByteArray> parameter(const std::vector<Parameter> &parameters, QByteArrayView name)
{
    for (const Parameter &one : parameters) {
        if (one.name == name)
            return one.value;
    }
    return std::nullopt;
}

base::Result<std::vector<QByteArray>> segmentsOf(QByteArrayView path)
{
    if (!path.startsWith('/'))
        return base::fail(base::ErrorCode::InvalidInput,
                          base::Message::verbatim(u"The path must begin with a slash."_s));
    std::vector<QByteArray> segments;
    qsizetype begin = 1;
    while (begin <= path.size()) {
        qsizetype end = path.indexOf('/', begin);
        if (end < 0)
            end = path.size();
        auto segment = decodePercent(path.sliced(begin, end - begin));
        if (!segment)
            return base::fail(std::move(segment.error()));
        if (*segment == "." || *segment == "..")
            return base::fail(base::ErrorCode::InvalidInput,
                              base::Message::verbatim(u"The path holds a dot segment."_s));
        segments.push_back(std::move(*segment));
        begin = end + 1;
    }
    return segments;
}

} // namespace gatehouse::http
