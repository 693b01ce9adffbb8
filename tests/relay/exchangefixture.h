#pragma once

#include "relay/admission/tokenmeter.h"
#include "relay/background.h"
#include "relay/exchange/exchangepool.h"
#include "relay/routing/targets.h"
#include "support/fakeupstream.h"
#include "support/manualclock.h"
#include "support/testcatalog.h"

#include <QByteArrayList>

#include <vector>

namespace gatehouse::relay {

// A client that writes down what it is answered. It takes everything at once, unless `mayTake` says
// otherwise.
class RecordingDownstream final : public Downstream
{
public:
    void begin(int code, const http::Headers &sentFields, qint64 length) override;
    void write(QByteArrayView bytes) override;
    void flush() override;
    void discard() override { pending.clear(); }
    void finish() override;
    void cut() override;
    qint64 unsent() const override;

    bool hasEnded() const { return finished || wasCut; }
    QByteArray field(const QByteArray &name) const;

    int begins = 0;
    int status = 0;
    http::Headers fields{};
    qint64 contentLength = -2; // -2: it has not begun
    QByteArray pending{};      // written and not flushed
    QByteArray body{};         // what the client sees
    bool finished = false;
    bool wasCut = false;
    qint64 mayTake = -1; // so many bytes; -1: all
};

// Keeps the records, and sends receipts at once or when it is told to.
class RecordingLedger final : public domain::UsageSink
{
public:
    bool isHealthy() const override { return healthy; }
    void submit(domain::UsageRecord record, domain::ReceiptTicket ticket) override;

    bool healthy = true;
    std::vector<domain::UsageRecord> records{};
    std::vector<quint64> waiting{}; // for receipts
    std::function<void()> submitted{};
};

class RecordingEvents final : public RelayEvents
{
public:
    void keyRefused(const KeyRefusal &refusal) override { refusals.push_back(refusal); }

    std::vector<KeyRefusal> refusals{};
};

// A prompt has a thousand tokens, a text as many as it has bytes.
class ByteMeter final : public TokenMeter
{
public:
    bool isReady(QByteArrayView) const override { return ready; }
    qint64 promptTokens(QByteArrayView, QByteArrayView) const override { return 1'000; }
    qint64 textTokens(QByteArrayView text, QByteArrayView) const override { return text.size(); }

    bool ready = true;
};

// Holds what it is given until the test wants it done, which then happens in another thread.
class HeldBackground final : public Background
{
public:
    void run(std::function<void()> work, std::function<void()> done) override
    {
        waiting.emplace_back(std::move(work), std::move(done));
        ++begun;
    }
    void finish();

    std::vector<std::pair<std::function<void()>, std::function<void()>>> waiting{};
    int begun = 0;
};

class ExchangeFixture;

// One request of a client and what became of it.
class Asked
{
public:
    Asked(ExchangeFixture &fixture, quint64 number);

    RecordingDownstream client{};
    std::shared_ptr<http::BodySource> body;
    http::Headers headers{};
    QByteArray requestId{};
    Exchange *exchange = nullptr; // null: it ended at once
};

// What a gateway thread has, without sockets of clients: time stands still until a test moves it.
class ExchangeFixture
{
public:
    ExchangeFixture();

    // Takes what `content` says for the requests from now on.
    void publish();
    std::unique_ptr<Asked> ask(const QByteArray &body,
                               protocol::Operation operation = protocol::Operation::ChatCompletions,
                               const QByteArray &pathModel = {},
                               const std::vector<std::pair<QByteArray, QByteArray>> &headers = {});
    // Sends the receipts of all records.
    void deliverReceipts();
    // Lets time pass for all deadlines.
    void advance(std::chrono::milliseconds time);
    // The last record.
    const domain::UsageRecord &record() const { return ledger.records.back(); }
    qint64 userBalance() const { return admission.userBalance({1})->units; }
    // What was spent since the beginning.
    qint64 spent() const { return 1'000'000'000 - userBalance(); }

    support::TestCatalog content{};
    support::ManualClock clock{};
    base::TimingWheel wheel{clock};
    upstream::Client client{clock, wheel};
    Admission admission{clock};
    ChannelHealth health{clock};
    ChannelLoad load{clock};
    RecordingLedger ledger{};
    RecordingEvents events{};
    ByteMeter meter{};
    HeldBackground background{}; // of use only if `context` names it
    Targets targets{};
    Context context;
    http::SpoolBudget spool{64 * 1024 * 1024};
    ExchangePool pool{context};
    std::shared_ptr<const domain::Catalog> catalog{};
    // Receipts come in a later turn of the event loop, as in the gateway.
    bool sendsReceipts = true;
    std::optional<domain::ChannelId> pinned{};
    // What form of a stream is asked for.
    protocol::StreamForm form = protocol::StreamForm::Events;

    Caller caller{};

private:
    quint64 m_asked = 0;
};

// A request for "small", and answers to it, as the providers write them.
QByteArray chatRequest(const QByteArray &members = {});
QByteArray chatAnswer(const QByteArray &usage = R"({"prompt_tokens":10,"completion_tokens":5})");
// One event of a stream: its text, with `data:` and the empty line.
QByteArray chunkOf(const QByteArray &text);
QByteArray finishChunk();
QByteArray usageChunk(const QByteArray &usage = R"({"prompt_tokens":10,"completion_tokens":5})");
inline const QByteArray doneEvent("data: [DONE]\n\n");
inline const QByteArray streamHead(
    support::answerHead(200, {"Content-Type: text/event-stream", "Transfer-Encoding: chunked"}));
inline const QByteArray errorObject(R"({"error":{"message":"no luck","type":"server_error"}})");
// A whole stream with usage, as the client sees it if it asked for usage.
QByteArrayList chatEvents();

// The code of the error that the client is told; empty: it is told of none.
QByteArray codeOf(const Asked &asked);

} // namespace gatehouse::relay
