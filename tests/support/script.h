#pragma once

#include <QByteArray>
#include <QByteArrayList>

#include <chrono>
#include <vector>

namespace gatehouse::support {

// What a fake provider does with one request, step by step. Behind the last step the connection
// stays open for the next request, unless the step was close(), reset(), stall() or repeat().
class Script
{
public:
    enum class Kind { Send, Dribble, Repeat, Pause, Close, Reset, Stall };
    struct Step
    {
        Kind kind = Kind::Send;
        QByteArray bytes{};
        std::chrono::milliseconds time{};
    };

    Script &send(const QByteArray &bytes);
    // One byte after the other, each in a packet of its own, so long apart.
    Script &dribble(const QByteArray &bytes, std::chrono::milliseconds gap = {});
    // The bytes again and again, for ever, as fast as they are taken.
    Script &repeat(const QByteArray &bytes);
    Script &pause(std::chrono::milliseconds time);
    // Closes in order (FIN) once all has been sent.
    Script &close();
    // Closes with a reset (RST) once all has been sent.
    Script &reset();
    // Says nothing any more and keeps the connection open.
    Script &stall();

    const std::vector<Step> &steps() const { return m_steps; }

private:
    Script &add(Kind kind, const QByteArray &bytes, std::chrono::milliseconds time);

    std::vector<Step> m_steps;
};

// "HTTP/1.1 STATUS …", the header lines (each without its line end) and the empty line.
QByteArray answerHead(int status, const QByteArrayList &headerLines);
// A whole answer with Content-Length and "Content-Type: application/json", unless `headerLines`
// names another type.
Script jsonAnswer(int status, const QByteArray &body, const QByteArrayList &headerLines = {});
// One chunk as it stands on the wire; an empty one ends the body.
QByteArray chunk(const QByteArray &bytes);
// An answer with "Transfer-Encoding: chunked", one packet a chunk, so long apart.
Script chunkedAnswer(const QByteArrayList &chunks,
                     std::chrono::milliseconds gap = {},
                     const QByteArrayList &headerLines = {});
// The same as "text/event-stream"; each event is a whole one: "data: …\n\n".
Script sseStream(const QByteArrayList &events, std::chrono::milliseconds gap = {});

} // namespace gatehouse::support
