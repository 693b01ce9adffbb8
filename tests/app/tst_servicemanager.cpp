#include "servicemanager.h"

#include <QTemporaryDir>
#include <QTest>

#include <cstddef>
#include <cstring>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace gatehouse::app {

namespace {

// The manager's end of the socket. A name that begins with @ is in the abstract namespace.
class Manager
{
public:
    explicit Manager(const QByteArray &name)
        : m_socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0))
    {
        sockaddr_un address = {};
        address.sun_family = AF_UNIX;
        std::memcpy(address.sun_path, name.constData(), size_t(name.size()));
        if (name.startsWith('@'))
            address.sun_path[0] = '\0';
        const auto size = socklen_t(offsetof(sockaddr_un, sun_path) + size_t(name.size()));
        m_isOpen = ::bind(m_socket, reinterpret_cast<sockaddr *>(&address), size) == 0;
    }
    Manager(const Manager &) = delete;
    Manager &operator=(const Manager &) = delete;
    ~Manager() { ::close(m_socket); }

    bool isOpen() const { return m_isOpen; }

    // The next message; empty if there is none.
    QByteArray next() const
    {
        QByteArray message(1024, Qt::Uninitialized);
        const ssize_t size = ::recv(m_socket, message.data(), size_t(message.size()), 0);
        return size > 0 ? message.first(size) : QByteArray();
    }

    // How often it has come since the beginning.
    qsizetype count(const QByteArray &message)
    {
        for (QByteArray each = next(); !each.isEmpty(); each = next())
            m_heard.append(each);
        return m_heard.count(message);
    }

private:
    const int m_socket;
    QList<QByteArray> m_heard;
    bool m_isOpen = false;
};

} // namespace

class ServiceManagerTest : public QObject
{
    Q_OBJECT

private slots:
    void tellsHowItIs_data();
    void tellsHowItIs();
    void feedsTheWatchdog();
    void leavesTheWatchdogOfAnotherAlone();
    void saysNothingWithoutAManager();

private:
    QTemporaryDir m_directory;
};

void ServiceManagerTest::tellsHowItIs_data()
{
    QTest::addColumn<QString>("name");

    QTest::newRow("a file") << m_directory.filePath(u"notify"_s);
    QTest::newRow("the abstract namespace")
        << u"@gatehouse-test-%1"_s.arg(QCoreApplication::applicationPid());
}

void ServiceManagerTest::tellsHowItIs()
{
    QFETCH(QString, name);
    const Manager manager(name.toLocal8Bit());
    QVERIFY(manager.isOpen());
    ServiceManager service({{u"NOTIFY_SOCKET"_s, name}});

    service.ready(u"Listening on http://127.0.0.1:3000"_s);
    service.stopping(u"Open requests end"_s);

    QCOMPARE(manager.next(), "READY=1\nSTATUS=Listening on http://127.0.0.1:3000");
    QCOMPARE(manager.next(), "STOPPING=1\nSTATUS=Open requests end");
    QCOMPARE(manager.next(), QByteArray());
}

void ServiceManagerTest::feedsTheWatchdog()
{
    const QString name = m_directory.filePath(u"watchdog"_s);
    Manager manager(name.toLocal8Bit());
    const ServiceManager service(
        {{u"NOTIFY_SOCKET"_s, name},
         {u"WATCHDOG_USEC"_s, u"20000"_s},
         {u"WATCHDOG_PID"_s, QString::number(QCoreApplication::applicationPid())}});

    QTRY_VERIFY(manager.count("WATCHDOG=1") >= 2);
}

void ServiceManagerTest::leavesTheWatchdogOfAnotherAlone()
{
    const QString name = m_directory.filePath(u"other"_s);
    const Manager manager(name.toLocal8Bit());
    const ServiceManager service(
        {{u"NOTIFY_SOCKET"_s, name}, {u"WATCHDOG_USEC"_s, u"2000"_s}, {u"WATCHDOG_PID"_s, u"1"_s}});
    const ServiceManager watched(
        {{u"NOTIFY_SOCKET"_s, m_directory.filePath(u"second"_s)}, {u"WATCHDOG_USEC"_s, u"2000"_s}});
    Manager second(m_directory.filePath(u"second"_s).toLocal8Bit());

    QTRY_VERIFY(second.count("WATCHDOG=1") >= 2); // time enough for the first

    QCOMPARE(manager.next(), QByteArray());
}

void ServiceManagerTest::saysNothingWithoutAManager()
{
    const QString name = m_directory.filePath(u"gone"_s);
    {
        const Manager manager(name.toLocal8Bit());
        QVERIFY(manager.isOpen());
    }
    ServiceManager nobody({});
    ServiceManager gone({{u"NOTIFY_SOCKET"_s, name}});
    ServiceManager endless({{u"NOTIFY_SOCKET"_s, QString(500, u'x')}});

    for (ServiceManager *each : {&nobody, &gone, &endless})
        each->ready(u"serving"_s);

    const Manager late(m_directory.filePath(u"late"_s).toLocal8Bit());
    QCOMPARE(late.next(), QByteArray());
}

} // namespace gatehouse::app

QTEST_GUILESS_MAIN(gatehouse::app::ServiceManagerTest)
#include "tst_servicemanager.moc"
