#pragma once

#include "domain/attemptnote.h"
#include "relay/attempt.h"
#include "relay/context.h"
#include "relay/downstream.h"
#include "relay/failureanswer.h"
#include "relay/runningrequest.h"
#include "relay/settlement.h"
#include "relay/tappeddownstream.h"

namespace gatehouse::relay {

// What a client asked for, once its body was read.
struct ExchangeRequest
{
    std::shared_ptr<const domain::Catalog> catalog{};
    Caller caller{}; // points into the catalog
    protocol::Peek peek{};
    const http::Headers *headers = nullptr; // both live as long as the downstream does
    http::BodySource *body = nullptr;
    QByteArray requestId{};
    QByteArray clientAddress{};
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
    // The program ends: the answer is cut visibly, and settled.
    void shutDown();
    // The administrator ends the request; the client is told so.
    void cancel();
    // The ledger row is stored.
    void receiptArrived();

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
    enum class State { Idle, Attempting, Passing, AwaitingReceipt, AwaitingNothing };

    Admitted<> admit();
    void attemptNext();
    bool startAttempt(const Route &route);
    void noteHealth(const FailureMeaning &meaning, const AttemptFailure &failure);
    void reportHealth(HealthEvent event, std::optional<std::chrono::milliseconds> rest = {});
    bool endsWithMarker() const;
    bool isBehindEnd(const http::Event &event, const protocol::EventFacts &facts);
    void giveUpTrial();
    void leaveChannel(qint64 tokens);
    void refuse(const Refusal &refusal);
    void passRefusalOn();
    QByteArray withoutKey(QByteArray words) const;
    http::Headers &identifyingFields();
    void beginStreamEarly();
    void writeErrorEvent(const Refusal &refusal);
    void keepAlive();
    void giveSignOfLife();
    void end(domain::EndReason reason, int status, QByteArray errorCode);
    domain::Usage billedUsage() const;
    domain::UsageRecord record(domain::EndReason reason, int status, QByteArray errorCode) const;
    domain::UsageRecord identity() const;
    void addPrice(domain::UsageRecord &line) const;
    void cutOff(domain::EndReason reason, const Refusal &refusal);
    void beginTap(Downstream &downstream);
    void endTap(domain::EndReason reason, int status);
    void beginNote(const Route &route);
    void endNote(const QByteArray &errorCode, const QString &message);
    qint64 microsecondsAt(base::SteadyTime time) const; // since the start; -1: not reached
    qint64 elapsed() const;                             // milliseconds since the start
    void finishAnswer();
    void retire();
    void timedOut();
    void receiptMissing();
    bool wantsStream() const { return m_request.peek.stream; }
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
    std::vector<Router::Failed> m_failed{};
    std::optional<FailureMeaning> m_lastFailure{};
    http::Headers m_fields{};
    base::SteadyTime m_startedAt{};
    qint64 m_firstByteMilliseconds = -1;
    int m_attempts = 0;
    std::vector<domain::AttemptNote> m_notes{}; // one for each attempt
    std::unique_ptr<Tap> m_tap{};               // null: nobody looks on
    std::optional<TappedDownstream> m_tapped{};
    bool m_keepsTap = false;     // what the tap saw is to be kept
    bool m_answerBegan = false;  // a head was written for the client
    bool m_headSent = false;     // and it has left
    bool m_contentBegan = false; // and bytes of a provider's answer
    bool m_final = false;        // the end marker is held back
    bool m_errorPassedOn = false;
    qsizetype m_bytesBehindEnd = 0;
    bool m_isMisplaced = false; // a whole document, where a stream went out already
    bool m_paused = false;
    bool m_sent = false; // a provider was called
};

} // namespace gatehouse::relay
