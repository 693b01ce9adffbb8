#pragma once

#include "admin/actor.h"
#include "admin/foundation.h"
#include "secrets/loginthrottle.h"
#include "secrets/sessionsignature.h"

#include <QHostAddress>
#include <QObject>

#include <optional>

namespace gatehouse::admin {

// How a sign-in ended.
struct SignIn
{
    enum class State {
        SignedIn,
        Refused, // wrong name or password, or disabled: one answer for all
        Throttled,
        SwitchedOff, // by the setting sessions.password_login
    };

    State state = State::Refused;
    domain::User user{};
    QByteArray cookie{};
    std::chrono::seconds lifetime{0};
    std::chrono::milliseconds wait{0}; // of Throttled
};

// Whom a cookie or an access token stands for.
struct Identity
{
    enum class State {
        Known,
        Unknown,  // no such session or token, or it was voided
        Disabled, // the user is
        NotReady, // no catalog is in force yet
    };

    State state = State::Unknown;
    domain::User user{}; // of Known
};

// Signs users in and tells who they are. Sessions need no table: the cookie is signed, and void once
// the user's epoch was raised. Lives in the main thread.
class SessionService : public QObject
{
    Q_OBJECT

public:
    SessionService(const Foundation &foundation,
                   const base::Secret &sessionSecret,
                   QObject *parent = nullptr);

    // Checks the password in a pool's thread. Unknown names take the same time as known ones.
    Answer<SignIn> signIn(const QString &name, base::Secret password, const QHostAddress &client);
    // Whether whoever sits at this computer knows the password of root, as which the window acts: without
    // a session, and also where signing in by password is switched off. Wrong attempts slow down further
    // ones, but are counted apart from sign-ins, so that nobody in the network can lock the window.
    Answer<SignIn> confirmRoot(base::Secret password);
    // A session for a user who has just shown who they are, such as after a change of password.
    base::Result<SignIn> sessionFor(const domain::User &user) const;
    void
    recordSignIn(const domain::User &user, const std::optional<QHostAddress> &client, bool isIn);
    // By the catalog in force, so that no trouble of the database signs anyone out.
    Identity bySession(QByteArrayView cookie) const;
    Answer<Identity> byAccessToken(const QByteArray &token);
    // The first root user, for whom local programs act.
    std::optional<domain::User> root() const;

private:
    Answer<SignIn> confirmAs(const QByteArray &account,
                             const QByteArray &hash,
                             const domain::User &user,
                             const base::Secret &password);
    void applyLimits();
    void renewHash(const domain::User &user, const QByteArray &former, const QByteArray &hash);

    const Foundation m_base;
    const secrets::SessionSignature m_signature;
    secrets::LoginThrottle m_throttle;
};

} // namespace gatehouse::admin
