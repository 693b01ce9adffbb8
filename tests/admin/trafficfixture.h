#pragma once

#include "support/servedrequests.h"

namespace gatehouse::admin {

// The administration over a ledger with requests. What tests of them have in common.
class TrafficFixture : public QObject
{
protected:
    void start()
    {
        m_fixture = std::make_unique<support::AdministrationFixture>();
        m_fixture->start();
    }

    TrafficService &traffic() { return m_fixture->administration->traffic; }
    static domain::FilterQuery filter(const QString &text)
    {
        return domain::filterQueryFrom(text, TrafficService::filterKeys());
    }
    template<typename T>
    static base::Result<T> wait(Answer<T> answer)
    {
        return support::AdministrationFixture::wait(std::move(answer));
    }

    domain::UsageRecord request(const QByteArray &id) const
    {
        domain::UsageRecord record = support::servedRequest(*m_fixture, id);
        record.stream = true;
        record.firstByteMilliseconds = 1'000;
        return record;
    }
    void store(std::vector<domain::UsageRecord> records)
    {
        support::store(*m_fixture, std::move(records));
    }
    // Keeps a head and a body of a request, and that answer to it.
    void keep(const QByteArray &id, const domain::CapturedMessage &answer)
    {
        const QByteArray body = R"({"model":"small","user":"k-123456"})";
        m_fixture->administration->captureSink().submit(
            {.requestId = id,
             .token = {1},
             .createdAt = m_fixture->clock.wallMilliseconds(),
             .request = {.line = "POST /v1/chat/completions?user=a%20b&key=abc",
                         .fields = {{"Authorization", "Bearer k-123456"},
                                    {"Content-Type", "application/json"}},
                         .body = body,
                         .size = body.size()},
             .answer = answer},
            {base::Secret(QByteArray("k-123456"))},
            0);
        QTRY_VERIFY(wait(m_fixture->administration->captures.find(id)));
        if (wait(traffic().find(id)))
            QTRY_VERIFY(wait(traffic().find(id))->hasCapture);
    }

    std::unique_ptr<support::AdministrationFixture> m_fixture{};
};

} // namespace gatehouse::admin
