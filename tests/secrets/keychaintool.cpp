// Uses a KeychainStore from the command line, for the tests:
//
//   keychaintool IDENTITY LIMIT OPERATION…     read, write=TEXT, remove, linger=MILLISECONDS
//   keychaintool own DELAY [ERROR]             offers the Secret Service and answers every call with
//                                              an error (its D-Bus name) after DELAY milliseconds;
//                                              0: never
//
// Each operation prints one line: its outcome, how long it took and what it found.

#include "secrets/keychainstore.h"

#include <QCoreApplication>
#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusVirtualObject>
#include <QElapsedTimer>
#include <QTimer>

#include <cstdio>

using namespace gatehouse;
using namespace Qt::StringLiterals;
using State = secrets::StoreOutcome::State;

namespace {

const char *nameOf(State state)
{
    switch (state) {
    case State::Found:
        return "Found";
    case State::Written:
        return "Written";
    case State::Absent:
        return "Absent";
    case State::Denied:
        return "Denied";
    case State::Locked:
        return "Locked";
    case State::NoKeychain:
        return "NoKeychain";
    case State::TimedOut:
        return "TimedOut";
    case State::Failed:
        return "Failed";
    }
    return "?";
}

// A Secret Service that is there and of no use.
class UselessService final : public QDBusVirtualObject
{
public:
    UselessService(int delay, QString error)
        : m_delay(delay)
        , m_error(std::move(error))
    {}

    QString introspect(const QString &) const override { return {}; }

    bool handleMessage(const QDBusMessage &message, const QDBusConnection &bus) override
    {
        message.setDelayedReply(true);
        if (m_delay > 0) {
            const QDBusMessage reply = message.createErrorReply(m_error, u"Useless."_s);
            QTimer::singleShot(m_delay, this, [reply, bus] { bus.send(reply); });
        }
        return true;
    }

private:
    const int m_delay;
    const QString m_error;
};

// Works off the operations one after another.
class Session final : public QObject
{
public:
    Session(const QByteArray &identity, int limit, QStringList operations)
        : m_store(identity, std::chrono::milliseconds(limit))
        , m_operations(std::move(operations))
    {}

    void next()
    {
        if (m_operations.isEmpty()) {
            QCoreApplication::quit();
            return;
        }
        const QString operation = m_operations.takeFirst();
        const QString argument = operation.section(u'=', 1);
        m_timer.start();
        const auto answer = [this](const secrets::StoreOutcome &outcome) { print(outcome); };
        if (operation == u"read"_s)
            m_store.read(answer);
        else if (operation == u"remove"_s)
            m_store.remove(answer);
        else if (operation.startsWith(u"write="_s))
            m_store.write(base::Secret(argument), answer);
        else if (operation.startsWith(u"linger="_s))
            QTimer::singleShot(argument.toInt(), this, [this] { next(); });
        else
            QCoreApplication::exit(2);
    }

private:
    void print(const secrets::StoreOutcome &outcome)
    {
        std::printf("%s %lld %s %s\n",
                    nameOf(outcome.state),
                    static_cast<long long>(m_timer.elapsed()),
                    outcome.isFound() ? outcome.item.reveal().constData() : "-",
                    qPrintable(outcome.text.english()));
        std::fflush(stdout);
        next();
    }

    secrets::KeychainStore m_store;
    QStringList m_operations;
    QElapsedTimer m_timer;
};

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    QStringList arguments = application.arguments().sliced(1);
    if (arguments.size() >= 2 && arguments.first() == u"own"_s) {
        UselessService service(arguments.at(1).toInt(),
                               arguments.value(2, u"org.freedesktop.DBus.Error.Failed"_s));
        QDBusConnection bus = QDBusConnection::sessionBus();
        if (!bus.registerVirtualObject(u"/"_s, &service, QDBusConnection::SubPath)
            || !bus.registerService(u"org.freedesktop.secrets"_s))
            return 1;
        return application.exec();
    }
    if (arguments.size() < 3)
        return 2;
    const QByteArray identity = arguments.takeFirst().toUtf8();
    const int limit = arguments.takeFirst().toInt();
    Session session(identity, limit, arguments);
    QTimer::singleShot(0, &session, [&session] { session.next(); });
    return application.exec();
}
