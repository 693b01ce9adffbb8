#include "http/responsewriter.h"

#include "http/response.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace gatehouse::http {

namespace {

void appendNumber(QByteArray &out, qint64 number, int base = 10)
{
    std::array<char, 24> digits{};
    const auto written = std::to_chars(digits.data(), digits.data() + digits.size(), number, base);
    out.append(digits.data(), written.ptr - digits.data());
}

bool isFraming(QByteArrayView name)
{
    constexpr std::array<QByteArrayView, 6> names{
        "content-length", "transfer-encoding", "connection", "keep-alive", "trailer", "upgrade"};
    return std::any_of(
        names.begin(), names.end(), [name](QByteArrayView one) { return equalNames(one, name); });
}

} // namespace

HeadWriter::HeadWriter(QByteArray &out, int status)
    : m_out(out)
{
    m_out.append("HTTP/1.1 ");
    appendNumber(m_out, status);
    m_out.append(' ').append(reasonPhrase(status)).append("\r\n");
}

bool HeadWriter::field(QByteArrayView name, QByteArrayView value)
{
    if (!isFieldName(name) || !isFieldValue(value) || isFraming(name))
        return false;
    m_out.append(name).append(": ").append(value).append("\r\n");
    return true;
}

bool HeadWriter::field(QByteArrayView name, qint64 value)
{
    if (!isFieldName(name) || isFraming(name))
        return false;
    m_out.append(name).append(": ");
    appendNumber(m_out, value);
    m_out.append("\r\n");
    return true;
}

void HeadWriter::end(const RequestHead &request, bool keepAlive, BodyEnd bodyEnd, qint64 length)
{
    if (bodyEnd == BodyEnd::Length) {
        m_out.append("Content-Length: ");
        appendNumber(m_out, length);
        m_out.append("\r\n");
    } else if (bodyEnd == BodyEnd::Chunked) {
        m_out.append("Transfer-Encoding: chunked\r\n");
    }
    if (!staysOpen(request, keepAlive, bodyEnd))
        m_out.append("Connection: close\r\n");
    else if (request.minorVersion == 0)
        m_out.append("Connection: keep-alive\r\n");
    m_out.append("\r\n");
}

BodyEnd endOfStream(const RequestHead &request)
{
    return request.minorVersion == 1 ? BodyEnd::Chunked : BodyEnd::Connection;
}

bool staysOpen(const RequestHead &request, bool keepAlive, BodyEnd bodyEnd)
{
    return keepAlive && request.keepAlive && bodyEnd != BodyEnd::Connection;
}

void appendChunk(QByteArray &out, QByteArrayView bytes)
{
    if (bytes.isEmpty())
        return;
    beginChunk(out, bytes.size());
    out.append(bytes);
    endChunk(out);
}

void beginChunk(QByteArray &out, qint64 size)
{
    appendNumber(out, size, 16);
    out.append("\r\n");
}

void endChunk(QByteArray &out)
{
    out.append("\r\n");
}

void appendLastChunk(QByteArray &out)
{
    out.append("0\r\n\r\n");
}

QByteArrayView continueAnswer()
{
    return "HTTP/1.1 100 Continue\r\n\r\n";
}

} // namespace gatehouse::http
