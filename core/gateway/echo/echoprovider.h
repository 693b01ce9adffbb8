#pragma once

#include "base/result.h"
#include "base/secret.h"

#include <QObject>
#include <QThread>

namespace gatehouse::gateway {

// The built-in offline provider "Echo": a server of its own on a loopback port that speaks the three
// dialects and repeats what it is told, so that clients can be tried for nothing and without a
// network. Requests reach it over TCP through the whole way of a request, as they reach any other
// provider. It answers only who knows the secret made at its start (as a bearer credential,
// `x-api-key` or `x-goog-api-key`). How it answers is chosen by the name of the model: see the table
// in echobehaviour.h.
//
// The object belongs to the thread that made it; the server runs in a thread of its own, from
// start() until the destructor.
class EchoProvider final : public QObject
{
    Q_OBJECT

public:
    explicit EchoProvider(QObject *parent = nullptr);
    ~EchoProvider() override;

    // Begins to listen on 127.0.0.1 and gives the port that the system chose. Call it once.
    base::Result<quint16> start();
    // Empty before start().
    const base::Secret &secret() const { return m_secret; }
    // 0 before start().
    quint16 port() const { return m_port; }

private:
    base::Secret m_secret{};
    quint16 m_port = 0;
    QThread m_thread{};
};

} // namespace gatehouse::gateway
