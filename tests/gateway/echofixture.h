#pragma once

#include "gateway/echo/echoprovider.h"

#include <QByteArray>
#include <QJsonObject>
#include <QJsonValue>
#include <QList>
#include <QObject>

namespace gatehouse::gateway {

// What the provider sent, taken apart.
struct Answer
{
    int status = 0;
    QByteArray head{};
    QByteArray body{};  // without the framing
    bool whole = false; // the end was marked, not just a closed connection

    QJsonObject json() const;
    // The payloads of a stream, `[DONE]` as an empty object.
    QList<QJsonObject> events() const;
};

// The value at a path such as "choices.0.message.content".
QJsonValue at(const QJsonValue &root, const QString &path);

// The built-in provider, listening. What its tests have in common.
class EchoFixture : public QObject
{
    Q_OBJECT

protected slots:
    void initTestCase();

protected:
    QByteArray
    requestFor(const QByteArray &path, const QByteArray &body, const QByteArray &fields = {}) const;
    Answer ask(const QByteArray &path,
               const QByteArray &body,
               const QByteArray &fields = "Connection: close\r\n") const;
    // Sends and reads until the provider closes.
    Answer send(const QByteArray &bytes) const;

    EchoProvider m_echo{};
};

} // namespace gatehouse::gateway
