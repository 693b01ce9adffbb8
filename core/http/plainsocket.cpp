// Linux only: recv(2), send(2).
#include "http/plainsocket.h"

#include <QCoreApplication>
#include <QEvent>
#include <QSocketNotifier>

#include <cerrno>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

namespace gatehouse::http {

namespace {

// What one notice reads at most in turns, so that one busy sender does not hold up all others.
constexpr int mostTurns = 4;
constexpr qsizetype pieceBytes = 16 * 1024;

} // namespace

// Tells the socket without the detour of a signal.
class PlainSocket::Notifier final : public QSocketNotifier
{
public:
    Notifier(PlainSocket &socket, Type type)
        : QSocketNotifier(socket.m_descriptor, type)
        , m_socket(socket)
    {}

protected:
    bool event(QEvent *event) override
    {
        if (event->type() != QEvent::SockAct)
            return QSocketNotifier::event(event);
        if (type() == Read)
            m_socket.readable();
        else
            m_socket.writable();
        return true;
    }

private:
    PlainSocket &m_socket;
};

PlainSocket::PlainSocket(int descriptor, qsizetype readAhead)
    : m_descriptor(descriptor)
    , m_readAhead(readAhead)
    , m_input(std::make_unique<Notifier>(*this, QSocketNotifier::Read))
{
    const int on = 1;
    setsockopt(m_descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

PlainSocket::~PlainSocket()
{
    closeNow();
}

void PlainSocket::setReading(bool on)
{
    if (m_input->isEnabled() != on)
        m_input->setEnabled(on);
}

void PlainSocket::setWriting(bool on)
{
    if (!m_output && on)
        m_output = std::make_unique<Notifier>(*this, QSocketNotifier::Write);
    else if (m_output && m_output->isEnabled() != on)
        m_output->setEnabled(on);
}

void PlainSocket::readable()
{
    m_mayRead = true;
    m_wasAsked = false;
    m_turns = 0;
    if (m_observer)
        m_observer->socketReadable();
    if (m_descriptor >= 0 && !m_wasAsked)
        readAhead();
    if (m_descriptor >= 0 && m_end != End::None)
        ended();
}

qint64 PlainSocket::read(char *to, qint64 most)
{
    m_wasAsked = true;
    if (m_ahead.isEmpty())
        return receive(to, most);
    const auto length = std::min<qint64>(most, m_ahead.size());
    std::copy_n(m_ahead.constData(), length, to);
    if (length == m_ahead.size())
        m_ahead = QByteArray();
    else
        m_ahead.remove(0, length);
    if (m_descriptor >= 0)
        setReading(true);
    return length;
}

qint64 PlainSocket::receive(char *to, qint64 most)
{
    if (!m_mayRead || m_descriptor < 0 || m_end != End::None)
        return 0;
    ssize_t length = 0;
    do {
        length = ::recv(m_descriptor, to, static_cast<size_t>(most), MSG_DONTWAIT);
    } while (length < 0 && errno == EINTR);
    m_mayRead = length == most && ++m_turns < mostTurns;
    if (length > 0)
        return length;
    // Who could not be written to may have reset the connection, and an error is told only once.
    if (length == 0)
        m_end = m_cannotWrite ? End::Failed : End::InOrder;
    else if (errno != EAGAIN && errno != EWOULDBLOCK)
        m_end = End::Failed;
    return 0;
}

// Nobody wants it now, but the end behind it must be noticed.
void PlainSocket::readAhead()
{
    while (m_mayRead && (m_ahead.size() < m_readAhead || m_cannotWrite)) {
        const qsizetype before = m_ahead.size();
        m_ahead.resize(before + pieceBytes);
        const qint64 length = receive(m_ahead.data() + before, pieceBytes);
        m_ahead.resize(before + length);
    }
    m_mayRead = false;
    if (m_ahead.size() >= m_readAhead && !m_cannotWrite)
        setReading(false);
}

qint64 PlainSocket::send(QByteArrayView bytes)
{
    ssize_t length = 0;
    do {
        length = ::send(m_descriptor,
                        bytes.data(),
                        static_cast<size_t>(bytes.size()),
                        MSG_DONTWAIT | MSG_NOSIGNAL);
    } while (length < 0 && errno == EINTR);
    if (length >= 0)
        return length;
    if (errno == EAGAIN || errno == EWOULDBLOCK)
        return 0;
    // What the other side has said before is still read; then the end is found.
    m_cannotWrite = true;
    m_unsent = QByteArray();
    setWriting(false);
    setReading(true);
    ::shutdown(m_descriptor, SHUT_RDWR);
    return -1;
}

bool PlainSocket::write(QByteArrayView bytes)
{
    if (!isOpen() || m_cannotWrite)
        return false;
    if (m_unsent.isEmpty() && !bytes.isEmpty()) {
        const qint64 length = send(bytes);
        if (length < 0)
            return false;
        bytes = bytes.sliced(length);
    }
    if (!bytes.isEmpty()) {
        m_unsent.append(bytes);
        setWriting(true);
    }
    return true;
}

void PlainSocket::writable()
{
    const qint64 length = send(m_unsent);
    if (length > 0)
        m_unsent.remove(0, length);
    if (m_unsent.isEmpty()) {
        m_unsent = QByteArray();
        setWriting(false);
    }
    if (m_closes && m_unsent.isEmpty())
        ended();
    else if (length > 0 && m_observer)
        m_observer->socketWritten();
}

bool PlainSocket::closeWhenSent()
{
    m_closes = true;
    if (m_unsent.isEmpty())
        closeNow();
    return m_descriptor < 0;
}

void PlainSocket::closeNow()
{
    if (m_descriptor < 0)
        return;
    m_input->setEnabled(false);
    setWriting(false);
    ::close(std::exchange(m_descriptor, -1));
    m_mayRead = false;
    m_unsent = QByteArray();
}

void PlainSocket::reset()
{
    const linger atOnce{.l_onoff = 1, .l_linger = 0};
    if (m_descriptor >= 0)
        setsockopt(m_descriptor, SOL_SOCKET, SO_LINGER, &atOnce, sizeof atOnce);
    closeNow();
}

void PlainSocket::ended()
{
    closeNow();
    if (m_observer)
        m_observer->socketEnded();
}

} // namespace gatehouse::http
