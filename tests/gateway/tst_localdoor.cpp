#include "gateway/localdoor.h"

#include "gateway/platform.h"

#include <QFile>
#include <QFileInfo>
#include <QLocalSocket>
#include <QTemporaryDir>
#include <QTest>

#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace gatehouse::gateway {

// Writes down what it is asked.
class RecordingApi final : public ApiHandler
{
public:
    bool serves(QByteArrayView) const override { return true; }
    void handle(ApiRequest request, Reply reply) override
    {
        requests.push_back(std::move(request));
        reply({.status = 200, .headers = {{"X-Test", "yes"}}, .body = "{\"success\":true}"});
    }

    std::vector<ApiRequest> requests{};
};

// The socket through which the command line reaches the program.
class LocalDoorTest : public QObject
{
    Q_OBJECT

private slots:
    void answersItsOwnAccount();
    void bodiesInParts();
    void refusesWhatIsNotHttp();
    void nobodyElseMayOpenIt();
    void aDeadSocketIsReplaced();
    void theSocketGoesWithTheDoor();
    void whereNoSocketCanBe();
    void eachDirectoryHasItsOwn();

private:
    QString path() const { return m_folder.filePath(u"door.sock"_s); }
    // What the door answers; empty: nothing before it closed.
    QByteArray ask(const QByteArrayList &parts) const
    {
        QLocalSocket socket;
        socket.connectToServer(path());
        for (const QByteArray &part : parts) {
            socket.write(part);
            socket.flush();
            QTest::qWait(0);
        }
        if (!QTest::qWaitFor([&] { return socket.state() == QLocalSocket::UnconnectedState; }))
            return "it was not closed";
        return socket.readAll();
    }

    QTemporaryDir m_folder;
};

void LocalDoorTest::answersItsOwnAccount()
{
    RecordingApi api;
    LocalDoor door(api);
    QVERIFY(door.open(path()));

    const QByteArray answer =
        ask({"GET /api/channel/?p=0 HTTP/1.1\r\nHost: local\r\nX-Field: v\r\n\r\n"});

    QVERIFY2(answer.startsWith("HTTP/1.1 200 "), answer.constData());
    QVERIFY(answer.contains("X-Test: yes\r\n"));
    QVERIFY(answer.endsWith("\r\n\r\n{\"success\":true}"));
    QCOMPARE(api.requests.size(), size_t(1));
    const ApiRequest &request = api.requests.front();
    QVERIFY(request.local);
    QCOMPARE(request.method, QByteArray("GET"));
    QCOMPARE(request.path, QByteArray("/api/channel/"));
    QCOMPARE(request.query, QByteArray("p=0"));
    QCOMPARE(request.header("x-field"), QByteArray("v"));
}

void LocalDoorTest::bodiesInParts()
{
    RecordingApi api;
    LocalDoor door(api);
    QVERIFY(door.open(path()));

    const QByteArray answer = ask({"PUT /api/option/ HTTP/1.1\r\nHost: lo",
                                   "cal\r\nContent-Length: 10\r\n\r\n01234",
                                   "56789"});

    QVERIFY(answer.startsWith("HTTP/1.1 200 "));
    QCOMPARE(api.requests.front().body, QByteArray("0123456789"));
}

void LocalDoorTest::refusesWhatIsNotHttp()
{
    RecordingApi api;
    LocalDoor door(api);
    QVERIFY(door.open(path()));

    QVERIFY(ask({"nonsense\r\n\r\n"}).startsWith("HTTP/1.1 400 "));

    QVERIFY(api.requests.empty());
    QVERIFY(ask({"GET /x HTTP/1.1\r\nHost: local\r\n\r\n"}).startsWith("HTTP/1.1 200 "));
}

// In a process of that account: the bytes that it is answered; -1: it may not even connect.
static int knockAs(uid_t account, const QString &path)
{
    const QByteArray name = path.toLocal8Bit();
    const pid_t child = fork();
    if (child == 0) {
        constexpr int notAllowed = 200;
        constexpr int noAccount = 201;
        if (setresuid(account, account, account) != 0)
            _exit(noAccount);
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        qstrncpy(address.sun_path, name.constData(), sizeof address.sun_path);
        const int socket = ::socket(AF_UNIX, SOCK_STREAM, 0);
        if (::connect(socket, reinterpret_cast<sockaddr *>(&address), sizeof address) != 0)
            _exit(notAllowed);
        const char request[] = "GET /api/user/ HTTP/1.1\r\nHost: local\r\n\r\n";
        ::send(socket, request, sizeof request - 1, MSG_NOSIGNAL);
        char answer[64];
        const ssize_t length = ::recv(socket, answer, sizeof answer, 0);
        _exit(length > 0 ? static_cast<int>(length) : 0);
    }
    int status = 0;
    if (!QTest::qWaitFor([&] { return waitpid(child, &status, WNOHANG) == child; }, 10'000)
        || !WIFEXITED(status))
        return -2;
    constexpr int notAllowed = 200;
    return WEXITSTATUS(status) == notAllowed ? -1 : WEXITSTATUS(status);
}

void LocalDoorTest::nobodyElseMayOpenIt()
{
    RecordingApi api;
    LocalDoor door(api);
    QVERIFY(door.open(path()));

    constexpr auto forOthers = QFile::ReadGroup | QFile::WriteGroup | QFile::ExeGroup
                               | QFile::ReadOther | QFile::WriteOther | QFile::ExeOther;
    QCOMPARE(QFile::permissions(path()) & forOthers, QFile::Permissions());
    int pair[2] = {-1, -1};
    QCOMPARE(::socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    QVERIFY(isOwnProcess(pair[0]));
    closeSocket(pair[0]);
    closeSocket(pair[1]);
    QVERIFY(!isOwnProcess(-1));
    QVERIFY(knockAs(geteuid(), path()) > 0);
    QCOMPARE(api.requests.size(), size_t(1));
    if (geteuid() != 0)
        return; // only root can become another account

    constexpr uid_t nobody = 65534;
    constexpr auto all = forOthers | QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner;
    QVERIFY(QFile::setPermissions(m_folder.path(), all));
    QCOMPARE(knockAs(nobody, path()), -1);
    // Even where the file lets it in, who it is decides.
    QVERIFY(QFile::setPermissions(path(), all));
    QCOMPARE(knockAs(nobody, path()), 0);
    QCOMPARE(api.requests.size(), size_t(1));
}

void LocalDoorTest::aDeadSocketIsReplaced()
{
    // What a program leaves that was killed.
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    qstrncpy(address.sun_path, path().toLocal8Bit().constData(), sizeof address.sun_path);
    const int dead = ::socket(AF_UNIX, SOCK_STREAM, 0);
    QCOMPARE(::bind(dead, reinterpret_cast<sockaddr *>(&address), sizeof address), 0);
    closeSocket(dead);
    QVERIFY(QFileInfo::exists(path()));
    RecordingApi api;
    LocalDoor door(api);

    QVERIFY(door.open(path()));

    QVERIFY(ask({"GET /x HTTP/1.1\r\nHost: local\r\n\r\n"}).startsWith("HTTP/1.1 200 "));
}

void LocalDoorTest::theSocketGoesWithTheDoor()
{
    RecordingApi api;
    {
        LocalDoor door(api);
        QVERIFY(door.open(path()));
        QVERIFY(QFileInfo::exists(path()));
    }

    QVERIFY(!QFileInfo::exists(path()));
}

void LocalDoorTest::whereNoSocketCanBe()
{
    RecordingApi api;
    LocalDoor door(api);
    const QString nowhere = m_folder.filePath(u"missing/door.sock"_s);

    const auto opened = door.open(nowhere);

    QVERIFY(!opened);
    QVERIFY(opened.error().message.english().contains(nowhere));
}

void LocalDoorTest::eachDirectoryHasItsOwn()
{
    const QTemporaryDir other;
    const QString name = localDoorPath(m_folder.path());

    QCOMPARE(localDoorPath(m_folder.path() + u"/."_s), name);
    QVERIFY(localDoorPath(other.path()) != name);
    QVERIFY(name.endsWith(u".sock"_s));
}

} // namespace gatehouse::gateway

QTEST_GUILESS_MAIN(gatehouse::gateway::LocalDoorTest)
#include "tst_localdoor.moc"
