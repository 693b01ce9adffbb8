#pragma once

#include "http/socket.h"

#include <QByteArray>

#include <memory>

namespace gatehouse::http {

// A Socket on the calls of the system: one call for each reading and writing, no buffer of its own
// while whoever uses it keeps up. Linux only.
class PlainSocket final : public Socket
{
public:
    // Takes the descriptor of a connected socket. Of what nobody reads it holds `readAhead` bytes;
    // the system holds the rest and lets the other side wait.
    PlainSocket(int descriptor, qsizetype readAhead);
    ~PlainSocket() override;

    void setObserver(SocketObserver *observer) override { m_observer = observer; }
    qint64 read(char *to, qint64 most) override;
    bool hasInput() const override { return m_mayRead || !m_ahead.isEmpty(); }
    bool write(QByteArrayView bytes) override;
    qint64 unsent() const override { return m_unsent.size(); }
    bool isOpen() const override { return m_descriptor >= 0 && m_end == End::None; }
    bool endedInOrder() const override { return m_end == End::InOrder; }
    bool closeWhenSent() override;
    void closeNow() override;
    void reset() override;
    qintptr descriptor() const override { return m_descriptor; }

private:
    class Notifier;
    enum class End { None, InOrder, Failed };

    void readable();
    void writable();
    qint64 receive(char *to, qint64 most);
    void readAhead();
    // How many bytes the system took; -1: the connection takes none any more.
    qint64 send(QByteArrayView bytes);
    void setReading(bool on);
    void setWriting(bool on);
    void ended();

    int m_descriptor = -1; // -1: closed
    const qsizetype m_readAhead;
    SocketObserver *m_observer = nullptr;
    std::unique_ptr<Notifier> m_input;
    std::unique_ptr<Notifier> m_output; // made when it is first needed
    QByteArray m_ahead;                 // read and not asked for yet
    QByteArray m_unsent;
    End m_end = End::None;
    int m_turns = 0;         // readings since the last notice
    bool m_mayRead = false;  // there may be more than was read
    bool m_wasAsked = false; // since the last notice
    bool m_cannotWrite = false;
    bool m_closes = false; // once everything was sent
};

} // namespace gatehouse::http
