#pragma once

#include "relay/downstream.h"
#include "relay/exchange/tap.h"

namespace gatehouse::relay {

// Passes everything on to the client's connection and lets a tap see it.
class TappedDownstream final : public Downstream
{
public:
    TappedDownstream(Downstream &client, Tap &tap)
        : m_client(client)
        , m_tap(tap)
    {}

    void begin(int status, const http::Headers &fields, qint64 contentLength) override
    {
        m_tap.answerBegan(status, fields);
        m_client.begin(status, fields, contentLength);
    }
    void write(QByteArrayView bytes) override
    {
        m_tap.answerBytes(bytes);
        m_client.write(bytes);
    }
    void flush() override
    {
        m_tap.answerFlushed();
        m_client.flush();
    }
    void discard() override
    {
        m_tap.answerDiscarded();
        m_client.discard();
    }
    void finish() override { m_client.finish(); }
    void cut() override
    {
        m_tap.answerDiscarded();
        m_client.cut();
    }
    qint64 unsent() const override { return m_client.unsent(); }

private:
    Downstream &m_client;
    Tap &m_tap;
};

} // namespace gatehouse::relay
