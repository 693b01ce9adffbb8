#include "upstream/activecall.h"

#include "base/logging.h"
#include "http/bodysource.h"
#include "upstream/connection.h"
#include "upstream/contentcoding.h"
#include "upstream/pool.h"

#include <limits>

using namespace Qt::StringLiterals;

namespace gatehouse::upstream {

namespace {

// Up to here head and body are joined, so that they leave in one packet and one system call.
constexpr qsizetype joinedBytes = 64 * 1024;
constexpr qint64 unsentBytes = 256 * 1024;
constexpr qint64 pieceBytes = 64 * 1024;
// What unpacks to more than this many times its size, once it is large, is a bomb. Deflate reaches
// 1,032; texts of providers stay below 50.
constexpr qint64 mostRatio = 250;
constexpr qint64 ratioFrom = 4 * 1024 * 1024;

} // namespace

// Stands for a function of the call that is on the stack.
class ActiveCall::Entry
{
public:
    explicit Entry(ActiveCall &call)
        : m_call(call)
    {
        ++m_call.m_entered;
    }
    ~Entry()
    {
        if (--m_call.m_entered == 0 && m_call.m_isRetired)
            m_call.m_pool.recycle(m_call);
    }
    Entry(const Entry &) = delete;
    Entry &operator=(const Entry &) = delete;

private:
    ActiveCall &m_call;
};

ActiveCall::ActiveCall(Pool &pool)
    : m_pool(pool)
    , m_deadline(pool.wheel(), [this] { expired(); })
    , m_total(pool.wheel(), [this] { tookTooLong(); })
    , m_parser(m_limits)
{
    // The ceiling of a call is kept here, where too large can be told from malformed.
    m_limits.bodyBytes = std::numeric_limits<qint64>::max();
}

ActiveCall::~ActiveCall() = default;

void ActiveCall::start(Call call, StreamReceiver &receiver)
{
    m_call = std::move(call);
    m_receiver = &receiver;
    m_serial = m_pool.nextSerial();
    m_isRetired = false;
    m_wasReplaced = false;
    m_hasAnswered = false;
    m_hasHead = false;
    m_hasEnded = false;
    m_isWholeRequest = false;
    m_hasSurplus = false;
    m_isPaused = false;
    m_isCompressed = false;
    m_stopsWriting = false;
    m_problem = Problem::None;
    m_bodyBytes = 0;
    m_givenBytes = 0;
    m_parser.reset(m_call.toHead);
    if (!m_call.body.isEmpty() && m_call.body.size() <= joinedBytes) {
        m_call.head.append(m_call.body);
        m_call.body.clear();
    }
    m_requestBytes = m_call.head.size() + m_call.body.size();
    if (m_call.spooled)
        m_requestBytes += std::max<qint64>(0, m_call.spooled->size() - m_call.spooledFrom);
    if (m_call.totalTimeout.count() > 0)
        runTotal(m_call.totalTimeout);
    connectTo(false);
}

void ActiveCall::connectTo(bool fresh)
{
    m_handedOver = 0;
    m_connection = &m_pool.connectionFor(m_call.endpoint, fresh);
    m_phase = m_connection->isOpen() ? Phase::Sending : Phase::Connecting;
    if (m_call.timing) {
        *m_call.timing = {};
        m_call.timing->reused = m_connection->isOpen();
        if (m_connection->isOpen())
            m_call.timing->connected = m_pool.clock().steadyNow();
    }
    startDeadline();
    m_connection->begin(*this);
}

void ActiveCall::connected()
{
    m_phase = Phase::Sending;
    if (m_call.timing)
        m_call.timing->connected = m_pool.clock().steadyNow();
    startDeadline();
}

void ActiveCall::pause()
{
    if (m_serial == 0)
        return;
    if (m_total.isRunning()) {
        m_totalLeft =
            std::chrono::ceil<std::chrono::milliseconds>(m_totalUntil - m_pool.wheel().now());
        m_total.stop();
    }
    m_isPaused = true;
    if (m_phase != Phase::Connecting)
        startDeadline();
}

// It stands still while the client does not take what has come: the provider cannot be late then.
void ActiveCall::runTotal(std::chrono::milliseconds time)
{
    m_totalUntil = m_pool.wheel().now() + time;
    m_total.start(time);
}

void ActiveCall::resume()
{
    if (m_serial == 0 || !m_isPaused)
        return;
    m_isPaused = false;
    if (m_call.totalTimeout.count() > 0)
        runTotal(std::max(m_totalLeft, std::chrono::milliseconds(1)));
    if (m_phase != Phase::Connecting)
        startDeadline();
    m_connection->wake();
}

void ActiveCall::abort()
{
    if (m_serial == 0)
        return;
    const Entry entry(*this);
    m_connection->drop();
    end();
}

// Begins the time limit of the present phase anew.
void ActiveCall::startDeadline()
{
    if (m_phase == Phase::Connecting)
        m_deadline.start(m_call.connectTimeout);
    else if (m_isPaused)
        m_deadline.stop(); // nothing is read, so the provider cannot be late
    else
        m_deadline.start(m_phase == Phase::Sending ? m_call.firstByteTimeout : m_call.stallTimeout);
}

bool ActiveCall::isSending() const
{
    return !m_stopsWriting
           && (m_handedOver < m_requestBytes || (!m_hasAnswered && m_connection->unsent() > 0));
}

bool ActiveCall::isProvenAlive() const
{
    return m_phase != Phase::Connecting && !isSending() && m_connection->isProvenAlive();
}

QByteArray ActiveCall::nextPiece()
{
    qint64 offset = m_handedOver;
    if (offset == 0)
        return m_call.head;
    offset -= m_call.head.size();
    if (offset < m_call.body.size())
        return m_call.body.mid(offset, pieceBytes);
    offset -= m_call.body.size();
    return m_call.spooled->read(m_call.spooledFrom + offset, pieceBytes);
}

bool ActiveCall::writeOn()
{
    // A large request may be refused while it is being sent.
    if (m_handedOver == 0 && m_requestBytes > 2 * joinedBytes)
        m_connection->watchEnd();
    while (!m_stopsWriting && m_handedOver < m_requestBytes
           && m_connection->unsent() <= unsentBytes - pieceBytes) {
        const QByteArray piece = nextPiece();
        if (piece.isEmpty())
            return false;
        if (!m_connection->write(piece))
            return true;
        m_handedOver += piece.size();
    }
    if (m_call.timing && m_handedOver == m_requestBytes)
        m_call.timing->sent = m_pool.clock().steadyNow();
    return true;
}

void ActiveCall::written()
{
    // As long as the provider takes bytes it is not late with its answer.
    if (m_phase == Phase::Sending)
        startDeadline();
}

void ActiveCall::bodyFailed()
{
    const Entry entry(*this);
    fail(FailureKind::Send, base::Message::tr("The body of the request could not be read back."));
}

void ActiveCall::connectionFailed(const Failure &failure)
{
    const Entry entry(*this);
    fail(failure.kind, failure.message);
}

void ActiveCall::connectionClosed(bool inOrder)
{
    const Entry entry(*this);
    if (m_hasEnded)
        return; // a pause holds the last bytes back
    if (!m_hasAnswered && m_connection->isReused() && !m_wasReplaced) {
        m_wasReplaced = true;
        m_connection->drop();
        connectTo(true);
        return;
    }
    if (!m_hasAnswered) {
        fail(FailureKind::Closed,
             base::Message::tr("The provider closed the connection without an answer."));
        return;
    }
    if (inOrder)
        m_parser.end();
    if (m_hasHead && m_parser.state() == http::ResponseParser::State::Complete) {
        m_hasEnded = true;
        m_hasSurplus = true; // the connection is no more
        bodyEnded();
        return;
    }
    fail(FailureKind::Closed,
         base::Message::tr("The provider closed the connection before its answer was complete."));
}

void ActiveCall::received(QByteArrayView bytes)
{
    const Entry entry(*this);
    m_hasAnswered = true;
    m_phase = Phase::Receiving;
    startDeadline();
    if (m_hasEnded) {
        m_hasSurplus = true;
        return;
    }
    if (m_unparsed.isEmpty()) {
        if (parse(bytes) && !bytes.isEmpty())
            m_unparsed.append(bytes);
        return;
    }
    QByteArray joined = std::exchange(m_unparsed, {});
    joined.append(bytes);
    QByteArrayView input = joined;
    if (parse(input) && !input.isEmpty())
        m_unparsed.append(input);
}

// Parses what it can and takes it from the front of `input`. False: there is nothing left to do with
// the rest.
bool ActiveCall::parse(QByteArrayView &input)
{
    using State = http::ResponseParser::State;
    const quint64 serial = m_serial;
    while (true) {
        const qsizetype used = m_parser.parse(input, this);
        if (m_serial != serial)
            return false; // ended by the receiver
        input = input.sliced(used);
        const State state = m_parser.state();
        if (state == State::Refused) {
            refuse();
            return false;
        }
        const bool isNewHead = state != State::Head && !m_hasHead;
        if (isNewHead && !headArrived())
            return false;
        if (state == State::Complete) {
            m_hasEnded = true;
            m_hasSurplus = !input.isEmpty();
            bodyEnded();
            return false;
        }
        if (!isNewHead && (used == 0 || input.isEmpty()))
            return true;
    }
}

void ActiveCall::refuse()
{
    switch (m_problem) {
    case Problem::TooLarge:
        fail(FailureKind::TooLarge,
             base::Message::tr("The provider's answer is larger than is allowed."));
        break;
    case Problem::Encoding:
        fail(FailureKind::Encoding,
             base::Message::tr("The provider's compressed answer is damaged."));
        break;
    case Problem::None:
        qCDebug(base::lcUpstream) << "refused answer:" << m_parser.refusal().message;
        fail(FailureKind::Malformed, base::Message::tr("The provider's answer is not valid HTTP."));
        break;
    }
}

// False: the call has ended.
bool ActiveCall::headArrived()
{
    const http::ResponseHead &head = m_parser.head();
    m_hasHead = true;
    if (m_call.timing)
        m_call.timing->answered = m_pool.clock().steadyNow();
    m_isWholeRequest = m_handedOver == m_requestBytes && m_connection->unsent() == 0;
    // Whoever is refused need not send the rest.
    if (!m_isWholeRequest && head.status >= 300)
        m_stopsWriting = true;
    // Of a refusal no more is read than is needed.
    const bool isAnswer = head.status < 300;
    if (!m_call.toHead && isAnswer && head.contentLength > m_call.maxResponseBytes) {
        m_problem = Problem::TooLarge;
        refuse();
        return false;
    }
    const bool endsWithConnection = !head.chunked && head.contentLength < 0;
    if (endsWithConnection && m_parser.state() == http::ResponseParser::State::Body)
        m_connection->watchEnd();
    if (!chooseDecoder()) {
        fail(FailureKind::Encoding,
             base::Message::tr(
                 "The provider's answer is compressed in a way that was not asked for."));
        return false;
    }
    const quint64 serial = m_serial;
    m_receiver->headReceived(m_isCompressed ? m_shownHead : head);
    return m_serial == serial;
}

// False: the body is in a coding that cannot be unpacked.
bool ActiveCall::chooseDecoder()
{
    const http::ResponseHead &head = m_parser.head();
    if (m_call.toHead || head.status == 204 || head.status == 304 || head.contentLength == 0)
        return true;
    const ContentCoding coding = contentCodingOf(head);
    if (coding == ContentCoding::None || coding == ContentCoding::Unknown)
        return coding == ContentCoding::None;
    if (!m_decoder)
        m_decoder = std::make_unique<ContentDecoder>();
    m_decoder->begin(coding == ContentCoding::Gzip ? ContentDecoder::Format::Gzip
                                                   : ContentDecoder::Format::Deflate);
    m_isCompressed = true;
    showUnpacked(head, m_shownHead);
    return true;
}

bool ActiveCall::take(QByteArrayView bytes)
{
    const quint64 serial = m_serial;
    m_bodyBytes += bytes.size();
    if (m_bodyBytes > m_call.maxResponseBytes) {
        m_problem = Problem::TooLarge;
        return false;
    }
    if (m_held.isEmpty() && !m_isPaused && !giveOut(bytes))
        return false;
    if (m_serial == serial && !bytes.isEmpty())
        m_held.append(bytes);
    return m_serial == serial;
}

// Gives the receiver what it can and takes it from the front of `bytes`; stops at a pause. False: the
// call has ended, or m_problem says why it must.
bool ActiveCall::giveOut(QByteArrayView &bytes)
{
    if (m_isCompressed)
        return unpack(bytes);
    if (m_isPaused || bytes.isEmpty())
        return true;
    const quint64 serial = m_serial;
    m_receiver->bodyReceived(std::exchange(bytes, {}));
    return m_serial == serial;
}

bool ActiveCall::unpack(QByteArrayView &bytes)
{
    const quint64 serial = m_serial;
    while (!m_isPaused && (!bytes.isEmpty() || m_decoder->hasMore())) {
        QByteArrayView output;
        if (!m_decoder->step(bytes, output)) {
            m_problem = Problem::Encoding;
            return false;
        }
        m_givenBytes += output.size();
        if (m_givenBytes > m_call.maxResponseBytes
            || (m_givenBytes > ratioFrom && m_givenBytes / mostRatio > m_bodyBytes)) {
            m_problem = Problem::TooLarge;
            return false;
        }
        if (output.isEmpty())
            continue;
        m_receiver->bodyReceived(output);
        if (m_serial != serial)
            return false;
    }
    return true;
}

bool ActiveCall::giveOutHeld()
{
    const Entry entry(*this);
    if (m_isPaused
        || (m_held.isEmpty() && !m_hasEnded && !(m_isCompressed && m_decoder->hasMore())))
        return false;
    const quint64 serial = m_serial;
    const QByteArray held = std::exchange(m_held, {});
    QByteArrayView left = held;
    if (!giveOut(left)) {
        if (m_serial == serial)
            refuse();
        return true;
    }
    if (!left.isEmpty())
        m_held = left.toByteArray();
    else if (m_hasEnded)
        bodyEnded();
    return true;
}

// The parser has seen the end. The call ends as soon as all has been given out.
void ActiveCall::bodyEnded()
{
    if (m_isPaused || !m_held.isEmpty() || (m_isCompressed && m_decoder->hasMore()))
        return;
    if (m_isCompressed && !m_decoder->isWhole()) {
        m_problem = Problem::Encoding;
        refuse();
        return;
    }
    complete();
}

void ActiveCall::endBatch()
{
    const Entry entry(*this);
    if (m_hasHead)
        m_receiver->batchEnded();
}

void ActiveCall::expired()
{
    const Entry entry(*this);
    switch (m_phase) {
    case Phase::Connecting:
        fail(FailureKind::ConnectTimeout,
             base::Message::tr("The connection to the provider was not made in time."));
        break;
    case Phase::Sending:
        if (isSending()) {
            fail(FailureKind::Send,
                 base::Message::tr("The provider did not take the request in time."));
        } else {
            fail(FailureKind::FirstByteTimeout,
                 base::Message::tr("The provider did not answer in time."));
        }
        break;
    case Phase::Receiving:
        fail(FailureKind::Stalled,
             base::Message::tr("The provider stopped in the midst of its answer."));
        break;
    }
}

void ActiveCall::tookTooLong()
{
    const Entry entry(*this);
    fail(FailureKind::TotalTimeout,
         base::Message::tr("The request took longer than its channel allows."));
}

void ActiveCall::fail(FailureKind kind, const base::Message &message)
{
    const Failure failure{.kind = kind, .message = message, .answered = m_hasAnswered};
    StreamReceiver *receiver = m_receiver;
    m_connection->drop();
    end();
    receiver->failed(failure);
}

void ActiveCall::complete()
{
    const bool keep = m_parser.head().keepAlive && m_isWholeRequest && !m_hasSurplus;
    StreamReceiver *receiver = m_receiver;
    m_connection->release(keep);
    end();
    receiver->completed();
}

void ActiveCall::end()
{
    m_serial = 0;
    m_receiver = nullptr;
    m_connection = nullptr;
    m_deadline.stop();
    m_total.stop();
    // The object may wait long for its next call; the request holds a key and perhaps a large body.
    m_call = {};
    m_held.clear();
    m_unparsed.clear();
    m_isRetired = true;
    m_pool.retire();
}

} // namespace gatehouse::upstream
