#include "gateway/echofixture.h"

#include <QJsonDocument>
#include <QTcpSocket>
#include <QTest>

namespace gatehouse::gateway {

namespace {

// Takes the chunks apart; sets `whole` if the last one is there.
QByteArray unchunked(QByteArrayView rest, bool &whole)
{
    QByteArray body;
    while (true) {
        const qsizetype end = rest.indexOf("\r\n");
        if (end < 0)
            return body;
        const qsizetype size = rest.first(end).toByteArray().toLongLong(nullptr, 16);
        rest = rest.sliced(end + 2);
        if (size == 0) {
            whole = true;
            return body;
        }
        if (rest.size() < size + 2)
            return body + rest.toByteArray();
        body.append(rest.first(size));
        rest = rest.sliced(size + 2);
    }
}

Answer parsed(const QByteArray &bytes)
{
    Answer answer;
    const qsizetype end = bytes.indexOf("\r\n\r\n");
    if (end < 0)
        return answer;
    answer.head = bytes.first(end).toLower();
    answer.status = bytes.mid(9, 3).toInt();
    const QByteArray rest = bytes.sliced(end + 4);
    if (answer.head.contains("transfer-encoding: chunked")) {
        answer.body = unchunked(rest, answer.whole);
        return answer;
    }
    answer.body = rest;
    const qsizetype length = answer.head.indexOf("content-length: ");
    answer.whole =
        length >= 0
        && answer.head.sliced(length + 16).split('\r').first().toLongLong() == rest.size();
    return answer;
}

} // namespace

QJsonObject Answer::json() const
{
    return QJsonDocument::fromJson(body).object();
}

QList<QJsonObject> Answer::events() const
{
    QList<QJsonObject> events;
    for (const QByteArray &line : body.split('\n')) {
        if (line.startsWith("data: "))
            events.append(QJsonDocument::fromJson(line.sliced(6)).object());
    }
    return events;
}

QJsonValue at(const QJsonValue &root, const QString &path)
{
    QJsonValue value = root;
    for (const QString &step : path.split(u'.')) {
        bool isIndex = false;
        const int index = step.toInt(&isIndex);
        value = isIndex ? value[index] : value[step];
    }
    return value;
}

void EchoFixture::initTestCase()
{
    const base::Result<quint16> port = m_echo.start();

    QVERIFY(port);
    QVERIFY(*port > 0);
    QVERIFY(m_echo.secret().reveal().size() > 40);
}

QByteArray EchoFixture::requestFor(const QByteArray &path,
                                   const QByteArray &body,
                                   const QByteArray &fields) const
{
    return (body.isEmpty() ? "GET " : "POST ") + path + " HTTP/1.1\r\nHost: echo\r\n"
           + "Authorization: Bearer " + m_echo.secret().reveal() + "\r\n" + fields
           + "Content-Length: " + QByteArray::number(body.size()) + "\r\n\r\n" + body;
}

Answer
EchoFixture::ask(const QByteArray &path, const QByteArray &body, const QByteArray &fields) const
{
    return send(requestFor(path, body, fields));
}

Answer EchoFixture::send(const QByteArray &bytes) const
{
    QTcpSocket socket;
    socket.connectToHost(QHostAddress::LocalHost, m_echo.port());
    socket.write(bytes);
    QByteArray received;
    while (socket.state() != QAbstractSocket::UnconnectedState && socket.waitForReadyRead(10'000))
        received += socket.readAll();
    return parsed(received + socket.readAll());
}

} // namespace gatehouse::gateway
