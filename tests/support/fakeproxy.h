#pragma once

#include <QByteArrayList>
#include <QTcpServer>

namespace gatehouse::support {

// A minimal SOCKS5 (RFC 1928, 1929) or HTTP CONNECT proxy on the loopback. Whatever name it is
// asked for, it connects to that port of 127.0.0.1. Lives in the test's thread.
class FakeProxy : public QTcpServer
{
    Q_OBJECT

public:
    enum class Kind { Socks5, Http };

    // With a user name it refuses whoever does not give it and the password.
    explicit FakeProxy(Kind kind, const QByteArray &user = {}, const QByteArray &password = {});

    // What was asked for: "name:NAME:PORT", or "address:…" where SOCKS was given an address.
    QByteArrayList targets() const { return m_targets; }

protected:
    void incomingConnection(qintptr descriptor) override;

private:
    class Tunnel;

    const Kind m_kind;
    const QByteArray m_user;
    const QByteArray m_password;
    QByteArrayList m_targets;
};

} // namespace gatehouse::support
