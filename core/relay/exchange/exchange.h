#pragma once

#include "domain/attemptnote.h"
#include "domain/requesttrace.h"
#include "relay/cache/cacheuse.h"
#include "relay/context.h"
#include "relay/downstream.h"
#include "relay/exchange/attempt.h"
#include "relay/exchange/failureanswer.h"
#include "relay/exchange/settlement.h"
#include "relay/exchange/tappeddownstream.h"
#include "relay/runningrequest.h"

namespace gatehouse::relay {

// What a client asked for, once its body was read.
struct ExchangeRequest
{
    std::shared_ptr<const domain::Catalog> catalog{};
    Caller caller{}; // points into the catalog
    protocol::Peek peek{};
    const http::Headers *headers = nullptr; // lives as long as the downstream does
    std::shared_ptr<http::BodySource> body{};
    QByteArray requestId{};
    QByteArray clientAddress{};
};

// What of a request's usage has to be counted, since the provider told nothing.
struct TokenCount
{
    domain::Usage told{};
    QByteArrayView body{};                      // empty: the input is known
    std::shared_ptr<http::BodySource> source{}; // holds the body
    QByteArray text{};                          // that was delivered, or its beginning
    qint64 textBytes = 0;                       // of all of it
    qint64 unreadTokens = 0;                    // of what is no text: an estimate
    QByteArray model{};

    domain::Usage made(const TokenMeter &meter) const;
    // It would keep a gateway thread from its other clients.
    bool isLong(const TokenMeter &meter) const;
};

// A body that was made for a channel with overrides.
struct RewrittenBody
{
    domain::ChannelId channel{};
    QByteArray body{};
};

// Why all that is being served is cut off.
enum class Shutdown {
    Stop,
    Restart, // another gateway, with other settings, has taken over already
};

// One client request from its caller to its ledger row. It alone knows the order: admit, route,
// attempt, stream back, settle, commit, last byte. It goes only forward and ends in one function,
// whatever the end was. Lives in a gateway thread and is used again for other requests.
class Exchange final : public AttemptObserver
{
public:
    // `retired` is called once the exchange has nothing more to wait for. `ticket` is how the
    // ledger's receipt finds it.
    Exchange(Context &context, std::function<void(Exchange &)> retired);
    ~Exchange() override;

    void start(ExchangeRequest request, Downstream &downstream, quint64 ticket);
    // The client has left: what runs is aborted and what was delivered is settled.
    void clientGone();
    // The client has taken what was written.
    void drained();
    // Its gateway ends: the answer is cut visibly, and settled.
    void shutDown(Shutdown why);
    // The administrator ends the request; the client is told so.
    void cancel();
    // The ledger row is stored.
    void receiptArrived();
    // It is retired, and nothing of it is on the stack.
    void giveMemoryBack() { m_attempt.giveMemoryBack(); }

    // How it is now; absent: all is said and done, but for the receipt.
    std::optional<RunningRequest> running() const;
    const QByteArray &requestId() const { return m_request.requestId; }

    quint64 ticket() const { return m_ticket; }

    void attemptBegan(const http::ResponseHead &head, bool isStream, qint64 length) override;
    void attemptBytes(QByteArrayView bytes) override;
    void attemptEvent(const http::Event &event, const protocol::EventFacts &facts) override;
    void attemptBatchEnded() override;
    void attemptFinished() override;
    void attemptFailed(const AttemptFailure &failure) override;

private:
    enum class State { Idle, Attempting, Passing, Counting, AwaitingReceipt, AwaitingNothing };
    // Of which answer is told how it came about. Before it, while attempts go on, it is not decided who
    // gives it.
    enum class Details { BeforeAnswer, OfDocument, OfStream };
    struct Rewriting;

    Admitted<> admit();
    Admitted<Route> chooseRoute(const Router &router);
    std::optional<SessionHash> session();
    void noteLatency();
    void noteAnswer();
    bool giveKeptAnswer();
    bool isOfToday(const KeptAnswer &answer) const;
    void beginKeptAnswer();
    void giveMoreOfKeptAnswer();
    void beginRecording(const http::ResponseHead &head, bool isStream, qint64 length);
    void recordEvent(const http::Event &event, const protocol::EventFacts &facts);
    void keepAnswer(domain::EndReason reason);
    void attemptNext();
    bool triesAnother(const FailureMeaning &meaning, const AttemptFailure &failure) const;
    bool startAttempt(const Route &route);
    bool send(const std::shared_ptr<const CompiledChannel> &target);
    void couldNotSend(const base::Error &error);
    bool rewritesInBackground(const CompiledChannel &target) const;
    void rewriteInBackground(const std::shared_ptr<const CompiledChannel> &target);
    void rewritten(const Rewriting &work);
    void noteHealth(const FailureMeaning &meaning, const AttemptFailure &failure);
    QString notedWords(const AttemptFailure &failure, const FailureMeaning &meaning) const;
    void reportHealth(HealthEvent event, std::optional<std::chrono::milliseconds> rest = {});
    bool endsWithMarker() const;
    bool isLastEnd();
    bool isBehindEnd(const http::Event &event, const protocol::EventFacts &facts);
    void giveUpTrial();
    void leaveChannel(qint64 tokens);
    void refuse(const Refusal &refusal);
    void passRefusalOn();
    QByteArray withoutKey(QByteArray words) const;
    http::Headers &identifyingFields();
    void addDetails(http::Headers &fields, Details which) const;
    bool addOwnLimits(http::Headers &fields) const;
    void addProviderFields(const http::ResponseHead &head, http::Headers &fields) const;
    void beginStreamEarly();
    void writeErrorEvent(const Refusal &refusal);
    QByteArrayView withoutOpening(QByteArrayView event);
    void keepAlive();
    void giveSignOfLife();
    void end(domain::EndReason reason, int status, QByteArray errorCode);
    void settleLine();
    void conclude();
    domain::Usage toldUsage() const;
    bool mustCount() const;
    bool isInputMissing() const;
    bool isOutputTold() const;
    TokenCount missingCount() const;
    qint64 unreadTokens() const;
    bool isMediaPaidByTokens() const;
    void countInBackground();
    domain::UsageRecord record(domain::EndReason reason, int status, QByteArray errorCode) const;
    domain::UsageRecord identity() const;
    void addPrice(domain::UsageRecord &line) const;
    void cutOff(domain::EndReason reason, const Refusal &refusal);
    void beginTrace();
    std::optional<ForwardedTrace> forwardedTrace() const;
    std::shared_ptr<const domain::RequestTrace> toldTrace(bool wasAnswered) const;
    void beginTap(Downstream &downstream);
    void endTap(domain::EndReason reason, int status);
    void beginNote(const Route &route);
    void endNote(const QByteArray &errorCode, const QString &message);
    qint64 microsecondsAt(base::SteadyTime time) const; // since the start; -1: not reached
    qint64 noted(base::SteadyTime time) const;
    qint64 elapsed() const; // milliseconds since the start
    void finishAnswer();
    void retire();
    void timedOut();
    void receiptMissing();
    bool wantsStream() const { return m_request.peek.stream; }
    // What has begun, or will, is a stream, into which words of the gateway may go.
    bool isStreamed() const { return wantsStream() && !m_isDocument; }
    const domain::Settings &settings() const { return m_request.catalog->settings(); }

    Context &m_context;
    const std::function<void(Exchange &)> m_retired;
    base::Deadline m_keepAlive; // while passing; afterwards it waits for the receipt
    base::Deadline m_total;
    Attempt m_attempt;
    State m_state = State::Idle;
    ExchangeRequest m_request{};
    Downstream *m_downstream = nullptr; // null once the client has left or has its answer
    quint64 m_ticket = 0;
    Reservation m_reservation{};
    Route m_route{};
    bool m_isSessionKnown = false; // what `m_session` holds was looked for
    std::optional<SessionHash> m_session{};
    CacheUse m_cache{};
    std::vector<Router::Failed> m_failed{};
    std::vector<KeyPlace> m_denied{}; // by which the request was refused without a reason
    std::optional<FailureMeaning> m_lastFailure{};
    http::Headers m_fields{};
    base::SteadyTime m_startedAt{};
    qint64 m_begunAt = 0; // the same by the wall clock, which tells the prices
    qint64 m_firstByteMilliseconds = -1;
    int m_attempts = 0;
    quint64 m_work =
        0; // counts what was begun in the background, so that its end finds its beginning
    std::optional<RewrittenBody> m_rewritten{};
    domain::UsageRecord m_line{}; // from the end on, until it is submitted
    std::optional<TokenCount> m_count{};
    std::vector<domain::AttemptNote> m_notes{};    // one for each attempt
    std::optional<domain::RequestTrace> m_trace{}; // absent: traces are off
    std::unique_ptr<Tap> m_tap{};                  // null: nobody looks on
    std::optional<TappedDownstream> m_tapped{};
    bool m_keepsTap = false;     // what the tap saw is to be kept
    bool m_answerBegan = false;  // a head was written for the client
    bool m_isOpened = false;     // and what a stream begins with, by us
    bool m_headSent = false;     // and it has left
    bool m_isDocument = false;   // a whole answer, though a stream may have been asked for
    bool m_contentBegan = false; // and bytes of a provider's answer
    bool m_final = false;        // the end marker is held back
    qint64 m_ends = 0;           // of candidates or pictures
    bool m_errorPassedOn = false;
    qsizetype m_bytesBehindEnd = 0;
    bool m_isMisplaced = false; // a whole document, where a stream went out already
    bool m_paused = false;
};

} // namespace gatehouse::relay
