#include "support/script.h"

namespace gatehouse::support {

Script &Script::add(Kind kind, const QByteArray &bytes, std::chrono::milliseconds time)
{
    m_steps.push_back({kind, bytes, time});
    return *this;
}

Script &Script::send(const QByteArray &bytes)
{
    return add(Kind::Send, bytes, {});
}

Script &Script::dribble(const QByteArray &bytes, std::chrono::milliseconds gap)
{
    return add(Kind::Dribble, bytes, gap);
}

Script &Script::repeat(const QByteArray &bytes)
{
    return add(Kind::Repeat, bytes, {});
}

Script &Script::pause(std::chrono::milliseconds time)
{
    return add(Kind::Pause, {}, time);
}

Script &Script::close()
{
    return add(Kind::Close, {}, {});
}

Script &Script::reset()
{
    return add(Kind::Reset, {}, {});
}

Script &Script::stall()
{
    return add(Kind::Stall, {}, {});
}

QByteArray answerHead(int status, const QByteArrayList &headerLines)
{
    QByteArray head = "HTTP/1.1 " + QByteArray::number(status) + " Answer\r\n";
    for (const QByteArray &line : headerLines)
        head += line + "\r\n";
    return head + "\r\n";
}

Script jsonAnswer(int status, const QByteArray &body, const QByteArrayList &headerLines)
{
    QByteArrayList lines = headerLines;
    const bool hasType = std::any_of(lines.begin(), lines.end(), [](const QByteArray &line) {
        return line.toLower().startsWith("content-type:");
    });
    if (!hasType)
        lines.prepend("Content-Type: application/json");
    lines.append("Content-Length: " + QByteArray::number(body.size()));
    return Script().send(answerHead(status, lines) + body);
}

QByteArray chunk(const QByteArray &bytes)
{
    if (bytes.isEmpty())
        return "0\r\n\r\n";
    return QByteArray::number(bytes.size(), 16) + "\r\n" + bytes + "\r\n";
}

Script chunkedAnswer(const QByteArrayList &chunks,
                     std::chrono::milliseconds gap,
                     const QByteArrayList &headerLines)
{
    QByteArrayList lines = headerLines;
    lines.append("Transfer-Encoding: chunked");
    Script script;
    script.send(answerHead(200, lines));
    for (const QByteArray &part : chunks) {
        if (gap.count() > 0)
            script.pause(gap);
        script.send(chunk(part));
    }
    return script.send(chunk({}));
}

Script sseStream(const QByteArrayList &events, std::chrono::milliseconds gap)
{
    return chunkedAnswer(events, gap, {"Content-Type: text/event-stream"});
}

} // namespace gatehouse::support
