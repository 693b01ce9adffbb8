#include "upstream/callfixture.h"

namespace gatehouse::upstream {

void Recorder::note(const QByteArray &event)
{
    if (events.isEmpty() || events.last() != event)
        events.append(event);
}

void Recorder::headReceived(const http::ResponseHead &head)
{
    note("head");
    status = head.status;
    statusLine = QByteArray::number(head.status) + " " + QByteArray::number(head.contentLength)
                 + (head.chunked ? " chunked" : " plain") + (head.keepAlive ? " keep" : " close");
    for (qsizetype i = 0; i < head.headers.size(); ++i) {
        const http::Field field = head.headers.at(i);
        fields.append(field.name.toByteArray() + ": " + field.value.toByteArray());
    }
    if (onHead)
        onHead();
}

void Recorder::bodyReceived(QByteArrayView bytes)
{
    note("body");
    bodyBytes += bytes.size();
    if (keepsBody)
        body.append(bytes);
    if (onBody)
        onBody();
}

void Recorder::batchEnded()
{
    note("batch");
    if (onBatch)
        onBatch();
}

void Recorder::completed()
{
    note("completed");
    ++completions;
    if (onCompleted)
        onCompleted();
}

void Recorder::failed(const Failure &why)
{
    note("failed");
    failure = why;
    if (onFailed)
        onFailed();
}

CallFixture::CallFixture(ClientLimits limits)
    : wheel(clock)
    , client(clock, wheel, limits)
{}

void CallFixture::advance(std::chrono::milliseconds time)
{
    clock.advance(time);
    wheel.advance();
}

std::shared_ptr<Endpoint> plainEndpoint(quint16 port)
{
    auto endpoint = std::make_shared<Endpoint>();
    endpoint->tls = false;
    endpoint->host = "127.0.0.1";
    endpoint->port = port;
    return endpoint;
}

Call callTo(const std::shared_ptr<const Endpoint> &endpoint,
            const QByteArray &target,
            const QByteArray &body)
{
    Call call;
    call.endpoint = endpoint;
    call.head = (body.isEmpty() ? "GET " : "POST ") + target
                + " HTTP/1.1\r\nHost: " + endpoint->host + "\r\n";
    if (!body.isEmpty())
        call.head += "Content-Length: " + QByteArray::number(body.size()) + "\r\n";
    call.head += "\r\n";
    call.body = body;
    return call;
}

} // namespace gatehouse::upstream
