#pragma once

#include "base/timingwheel.h"
#include "http/responseparser.h"
#include "upstream/client.h"
#include "upstream/contentdecoder.h"

namespace gatehouse::upstream {

class Connection;
class Pool;

// A call from send() to its end: writes the request, reads the answer, keeps the deadlines. Objects
// are reused. While one is on the stack it is not given to another call, so that a receiver may do
// from inside its functions whatever it likes.
class ActiveCall final : public Stream, private http::BodySink
{
public:
    explicit ActiveCall(Pool &pool);
    ~ActiveCall() override;

    size_t place() const { return m_place; }
    void setPlace(size_t place) { m_place = place; }
    void start(Call call, StreamReceiver &receiver);

    void pause() override;
    void resume() override;
    void abort() override;
    bool isProvenAlive() const override;

    // For the connection that carries it. serial() differs for each call, and is 0 after its end.
    quint64 serial() const { return m_serial; }
    bool isPaused() const { return m_isPaused; }
    // Not all of the request has left the process.
    bool isSending() const;
    void connected();
    void connectionFailed(const Failure &failure);
    void connectionClosed(bool inOrder);
    // Writes as much as may be unsent at a time. False: the spooled body could not be read.
    bool writeOn();
    void written();
    void bodyFailed();
    // Gives out what a pause has held back; true if there was anything.
    bool giveOutHeld();
    void received(QByteArrayView bytes);
    void endBatch();

private:
    class Entry;
    enum class Problem { None, TooLarge, Encoding };
    enum class Phase { Connecting, Sending, Receiving };

    bool take(QByteArrayView bytes) override;
    void connectTo(bool fresh);
    QByteArray nextPiece();
    bool parse(QByteArrayView &input);
    bool headArrived();
    bool chooseDecoder();
    bool giveOut(QByteArrayView &bytes);
    bool unpack(QByteArrayView &bytes);
    void bodyEnded();
    void startDeadline();
    void runTotal(std::chrono::milliseconds time);
    void expired();
    void tookTooLong();
    void refuse();
    void fail(FailureKind kind, const base::Message &message);
    void complete();
    void end();

    Pool &m_pool;
    size_t m_place = 0;
    Call m_call{};
    StreamReceiver *m_receiver = nullptr;
    Connection *m_connection = nullptr;
    quint64 m_serial = 0;
    int m_entered = 0;
    bool m_isRetired = false;

    base::Deadline m_deadline;
    base::Deadline m_total;                   // runs only where the call has such a limit
    base::SteadyTime m_totalUntil{};          // by the time of the wheel
    std::chrono::milliseconds m_totalLeft{0}; // while it is paused
    Phase m_phase = Phase::Connecting;
    bool m_wasReplaced = false; // the one silent repetition has been made

    qint64 m_handedOver = 0; // bytes of the request given to the socket
    qint64 m_requestBytes = 0;
    bool m_stopsWriting = false;

    http::ResponseLimits m_limits{};
    http::ResponseParser m_parser;
    http::ResponseHead m_shownHead{}; // where it differs from the parser's
    QByteArray m_unparsed;            // the begin of a line that is not whole yet
    qint64 m_bodyBytes = 0;           // as sent
    qint64 m_givenBytes = 0;          // as given out
    QByteArray m_held;                // body that came in spite of a pause
    std::unique_ptr<ContentDecoder> m_decoder;
    bool m_isCompressed = false;
    bool m_hasAnswered = false;
    bool m_hasHead = false;
    bool m_hasEnded = false;       // the parser is done; perhaps not all has been given out
    bool m_isWholeRequest = false; // all of it had been sent when the head came
    bool m_hasSurplus = false;
    bool m_isPaused = false;
    Problem m_problem = Problem::None;
};

} // namespace gatehouse::upstream
