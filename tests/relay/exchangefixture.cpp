#include "relay/exchangefixture.h"

#include <QJsonDocument>
#include <QJsonObject>

#include <thread>

namespace gatehouse::relay {

void RecordingDownstream::begin(int code, const http::Headers &sentFields, qint64 length)
{
    ++begins;
    status = code;
    fields = sentFields;
    contentLength = length;
}

void RecordingDownstream::write(QByteArrayView bytes)
{
    pending.append(bytes);
}

void RecordingDownstream::flush()
{
    body += pending;
    pending.clear();
}

void RecordingDownstream::finish()
{
    flush();
    finished = true;
}

void RecordingDownstream::cut()
{
    pending.clear();
    wasCut = true;
}

qint64 RecordingDownstream::unsent() const
{
    const qint64 written = pending.size() + body.size();
    return mayTake < 0 ? pending.size() : std::max<qint64>(0, written - mayTake);
}

QByteArray RecordingDownstream::field(const QByteArray &name) const
{
    return fields.value(name).value_or(QByteArrayView()).toByteArray();
}

void RecordingLedger::submit(domain::UsageRecord record, domain::ReceiptTicket ticket)
{
    records.push_back(std::move(record));
    if (ticket.receiver >= 0)
        waiting.push_back(ticket.number);
    if (submitted)
        submitted();
}

void HeldBackground::finish()
{
    for (auto &[work, done] : std::exchange(waiting, {})) {
        std::thread(work).join();
        done();
    }
}

Asked::Asked(ExchangeFixture &fixture, quint64 number)
    : body(std::make_shared<http::BodySource>(fixture.spool))
    , requestId("request-" + QByteArray::number(number))
{}

ExchangeFixture::ExchangeFixture()
    : context{.clock = clock,
              .wheel = wheel,
              .client = client,
              .admission = admission,
              .health = health,
              .load = load,
              .ledger = ledger,
              .events = events,
              .meter = meter,
              .targets = targets,
              .receiver = 7}
{
    ledger.submitted = [this] {
        QMetaObject::invokeMethod(
            &client,
            [this] {
                if (sendsReceipts)
                    deliverReceipts();
            },
            Qt::QueuedConnection);
    };
}

void ExchangeFixture::publish()
{
    catalog = content.build();
    admission.publish(*catalog);
    targets.setCatalog(catalog);
    caller = *identify(
        *catalog, support::testKey, QHostAddress::LocalHost, clock.wallMilliseconds() / 1000);
}

std::unique_ptr<Asked>
ExchangeFixture::ask(const QByteArray &body,
                     protocol::Operation operation,
                     const QByteArray &pathModel,
                     const std::vector<std::pair<QByteArray, QByteArray>> &headers)
{
    if (!catalog)
        publish();
    caller.pinnedChannel = pinned;
    pool.collect();
    auto asked = std::make_unique<Asked>(*this, ++m_asked);
    for (const auto &[name, value] : headers)
        asked->headers.add(name, value);
    if (!asked->body->take(body))
        qFatal("The body could not be kept.");
    auto peek = protocol::peek(asked->body->whole(),
                               operation,
                               pathModel,
                               {},
                               catalog->settings().integrations.exportsTraces());
    if (!peek)
        qFatal("%s", qPrintable(peek.error().message.english()));
    peek->form = form;
    asked->exchange = pool.start({.catalog = catalog,
                                  .caller = caller,
                                  .peek = *peek,
                                  .headers = &asked->headers,
                                  .body = asked->body,
                                  .requestId = asked->requestId,
                                  .clientAddress = "127.0.0.1"},
                                 asked->client);
    return asked;
}

void ExchangeFixture::deliverReceipts()
{
    const std::vector<quint64> tickets = std::exchange(ledger.waiting, {});
    pool.receiptsArrived(tickets);
}

void ExchangeFixture::advance(std::chrono::milliseconds time)
{
    for (std::chrono::milliseconds gone{}; gone < time; gone += base::TimingWheel::tick) {
        clock.advance(base::TimingWheel::tick);
        pool.collect();
        wheel.advance();
    }
}

QByteArray chatRequest(const QByteArray &members)
{
    // Written as nobody would, so that a body that was made anew is noticed.
    return "{ \"messages\":[{\"role\":\"user\",\"content\":\"h\\u0069\"}],\r\n\t\"model\" : "
           "\"small\""
           + members + ",\"seed\":1.0e2 }\n";
}

QByteArray chatAnswer(const QByteArray &usage)
{
    return "{\"id\":\"chatcmpl-1\", \"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\","
           "\"content\":\"Hello\"},\"finish_reason\":\"stop\"}],\n \"usage\":"
           + usage + ",\"x\":-0.0}";
}

QByteArray chunkOf(const QByteArray &text)
{
    return "data: {\"id\":\"c1\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" + text
           + "\"},\"finish_reason\":null}]}\n\n";
}

QByteArray finishChunk()
{
    return "data: "
           "{\"id\":\"c1\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}"
           "\n\n";
}

QByteArray usageChunk(const QByteArray &usage)
{
    return "data: {\"id\":\"c1\",\"choices\":[],\"usage\":" + usage + "}\n\n";
}

QByteArrayList chatEvents()
{
    return {chunkOf("Hel"), chunkOf("lo"), finishChunk(), usageChunk(), doneEvent};
}

QByteArray codeOf(const Asked &asked)
{
    const QJsonObject error =
        QJsonDocument::fromJson(asked.client.body).object().value(u"error").toObject();
    return error.value(u"code").toString().toLatin1();
}

} // namespace gatehouse::relay
