#include "http/responsewriter.h"

#include "http/append.h"
#include "http/response.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace gatehouse::http {

namespace {

// A number as text, without an allocation.
class Number
{
public:
    explicit Number(qint64 number, int base = 10)
        : m_length(
            std::to_chars(m_digits.data(), m_digits.data() + m_digits.size(), number, base).ptr
            - m_digits.data())
    {}
    QByteArrayView text() const { return {m_digits.data(), m_length}; }

private:
    std::array<char, 24> m_digits{};
    qsizetype m_length = 0;
};

bool isFraming(QByteArrayView name)
{
    constexpr std::array<QByteArrayView, 6> names{
        "content-length", "transfer-encoding", "connection", "keep-alive", "trailer", "upgrade"};
    return std::any_of(names.begin(), names.end(), [name](QByteArrayView one) {
        return one.size() == name.size() && equalNames(one, name);
    });
}

} // namespace

HeadWriter::HeadWriter(QByteArray &out, int status)
    : m_out(out)
{
    appendAll(m_out, {"HTTP/1.1 ", Number(status).text(), " ", reasonPhrase(status), "\r\n"});
}

bool HeadWriter::field(QByteArrayView name, QByteArrayView value)
{
    if (!isFieldName(name) || !isFieldValue(value) || isFraming(name))
        return false;
    appendAll(m_out, {name, ": ", value, "\r\n"});
    return true;
}

bool HeadWriter::field(QByteArrayView name, qint64 value)
{
    if (!isFieldName(name) || isFraming(name))
        return false;
    appendAll(m_out, {name, ": ", Number(value).text(), "\r\n"});
    return true;
}

void HeadWriter::end(const RequestHead &request, bool keepAlive, BodyEnd bodyEnd, qint64 length)
{
    if (bodyEnd == BodyEnd::Length) {
        appendAll(m_out, {"Content-Length: ", Number(length).text(), "\r\n"});
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
    appendAll(out, {Number(bytes.size(), 16).text(), "\r\n", bytes, "\r\n"});
}

void beginChunk(QByteArray &out, qint64 size)
{
    appendAll(out, {Number(size, 16).text(), "\r\n"});
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
