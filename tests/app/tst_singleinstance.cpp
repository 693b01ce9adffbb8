#include "integration/singleinstance.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QLocalSocket>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <future>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace gatehouse::app {

class SingleInstanceTest : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void handsOverItsArguments_data();
    void handsOverItsArguments();
    void handsOverTheActivationToken();
    void nobodyIsThere();
    void deadSocketIsTakenOver();
    void directoriesDoNotMeet();
    void socketIsPrivate();
    void hostileBytesDoNoHarm_data();
    void hostileBytesDoNoHarm();
    void silentCallersAreLimited();
    void tooManyArgumentsAreRefused();
    void anotherVersionIsRefused();
    void silentWindowIsGivenUp();

private:
    QString directory(const QString &name)
    {
        QDir(m_home->path()).mkpath(name);
        return m_home->filePath(name);
    }
    HandOver handOverTo(const QString &directory,
                        const QStringList &arguments,
                        std::chrono::milliseconds limit = 20s);

    std::unique_ptr<QTemporaryDir> m_home;
};

void SingleInstanceTest::init()
{
    m_home = std::make_unique<QTemporaryDir>();
    qputenv("XDG_RUNTIME_DIR", m_home->path().toUtf8());
    qunsetenv("XDG_ACTIVATION_TOKEN");
}

// As another process does it, while this one goes on.
HandOver SingleInstanceTest::handOverTo(const QString &directory,
                                        const QStringList &arguments,
                                        std::chrono::milliseconds limit)
{
    auto outcome =
        std::async(std::launch::async, [=] { return handOver(directory, arguments, limit); });
    [&] { QTRY_VERIFY_WITH_TIMEOUT(outcome.wait_for(0s) == std::future_status::ready, 30000); }();
    return outcome.get();
}

void SingleInstanceTest::handsOverItsArguments_data()
{
    QTest::addColumn<QStringList>("arguments");

    QTest::newRow("none") << QStringList();
    QTest::newRow("several") << QStringList{u"--hidden"_s, u"gatehouse://v1/open?page=traffic"_s};
    QTest::newRow("an empty one") << QStringList{u""_s, u"x"_s};
    QTest::newRow("any characters") << QStringList{u"网关 \"a\"\n\\ <b>"_s, QString(u'\0') + u'x'};
    QTest::newRow("long") << QStringList{QString(60'000, u'x')};
}

void SingleInstanceTest::handsOverItsArguments()
{
    QFETCH(QStringList, arguments);
    const QString data = directory(u"data"_s);
    SingleInstance instance;
    QVERIFY(instance.listen(data));
    const QSignalSpy activated(&instance, &SingleInstance::activated);

    QCOMPARE(handOverTo(data, arguments), HandOver::Delivered);
    QCOMPARE(handOverTo(data, {u"again"_s}), HandOver::Delivered);

    QCOMPARE(activated.size(), 2);
    QCOMPARE(activated.at(0).at(0).toStringList(), arguments);
    QCOMPARE(activated.at(0).at(1).toByteArray(), QByteArray());
    QCOMPARE(activated.at(1).at(0).toStringList(), QStringList{u"again"_s});
}

void SingleInstanceTest::handsOverTheActivationToken()
{
    const QString data = directory(u"data"_s);
    SingleInstance instance;
    QVERIFY(instance.listen(data));
    const QSignalSpy activated(&instance, &SingleInstance::activated);
    qputenv("XDG_ACTIVATION_TOKEN", "token-1");

    QCOMPARE(handOverTo(data, {}), HandOver::Delivered);

    QCOMPARE(activated.at(0).at(1).toByteArray(), "token-1");
}

void SingleInstanceTest::nobodyIsThere()
{
    QCOMPARE(handOver(m_home->filePath(u"no directory"_s), {}), HandOver::NobodyThere);
    QCOMPARE(handOver(directory(u"data"_s), {}), HandOver::NobodyThere);
    const SingleInstance idle;
    QCOMPARE(handOver(directory(u"data"_s), {}), HandOver::NobodyThere);
}

void SingleInstanceTest::deadSocketIsTakenOver()
{
    const QString data = directory(u"data"_s);
    const QString name = windowSocketName(data);
    const QString aside = m_home->filePath(u"aside"_s);
    {
        SingleInstance crashed;
        QVERIFY(crashed.listen(data));
        QVERIFY(QFile::rename(name, aside)); // so that its end does not remove it
    }
    QVERIFY(QFile::rename(aside, name));
    QCOMPARE(handOver(data, {}), HandOver::NobodyThere);
    SingleInstance instance;
    const QSignalSpy activated(&instance, &SingleInstance::activated);

    QVERIFY(instance.listen(data));

    QCOMPARE(handOverTo(data, {}), HandOver::Delivered);
    QCOMPARE(activated.size(), 1);
}

void SingleInstanceTest::directoriesDoNotMeet()
{
    const QString one = directory(u"one"_s);
    const QString other = directory(u"other"_s);
    SingleInstance instance;
    QVERIFY(instance.listen(one));

    QCOMPARE(handOver(other, {}), HandOver::NobodyThere);
    QCOMPARE(windowSocketName(one + u"/../one/"_s), windowSocketName(one));
    QVERIFY(windowSocketName(one) != windowSocketName(other));
}

void SingleInstanceTest::socketIsPrivate()
{
    const QString data = directory(u"data"_s);
    SingleInstance instance;
    QVERIFY(instance.listen(data));

    const QFileDevice::Permissions open = QFile::permissions(windowSocketName(data))
                                          & (QFileDevice::ReadGroup | QFileDevice::WriteGroup
                                             | QFileDevice::ReadOther | QFileDevice::WriteOther);

    QCOMPARE(open, QFileDevice::Permissions());
}

void SingleInstanceTest::hostileBytesDoNoHarm_data()
{
    QTest::addColumn<QByteArray>("bytes");
    const auto message = [](const QByteArray &body) -> QByteArray {
        return QByteArray("GHI1\0\0\0", 7) + char(body.size()) + body;
    };

    QTest::newRow("another protocol") << QByteArray("GET / HTTP/1.1\r\n\r\n");
    QTest::newRow("another version") << QByteArray("GHI2\0\0\0\2[]", 10);
    QTest::newRow("a length beyond all bounds") << QByteArray("GHI1\xff\xff\xff\xff{}", 10);
    QTest::newRow("more than was announced") << message("{}") + "x";
    QTest::newRow("nothing at all in it") << message({});
    QTest::newRow("no JSON") << message("{\"arguments\":");
    QTest::newRow("a list") << message("[\"x\"]");
    QTest::newRow("arguments that are no list") << message("{\"arguments\":\"x\"}");
    QTest::newRow("an argument that is no text") << message("{\"arguments\":[\"x\",1]}");
    QTest::newRow("deeply nested") << message(QByteArray(100, '['));
    QTest::newRow("a megabyte") << QByteArray(1024 * 1024, '\xff');
}

void SingleInstanceTest::hostileBytesDoNoHarm()
{
    QFETCH(QByteArray, bytes);
    const QString data = directory(u"data"_s);
    SingleInstance instance;
    QVERIFY(instance.listen(data));
    const QSignalSpy activated(&instance, &SingleInstance::activated);
    QLocalSocket socket;
    socket.connectToServer(windowSocketName(data));
    QTRY_COMPARE(socket.state(), QLocalSocket::ConnectedState);

    socket.write(bytes);

    QTRY_COMPARE(socket.state(), QLocalSocket::UnconnectedState);
    QCOMPARE(socket.readAll(), QByteArray());
    QCOMPARE(activated.size(), 0);
    QCOMPARE(handOverTo(data, {u"good"_s}), HandOver::Delivered);
}

void SingleInstanceTest::silentCallersAreLimited()
{
    const QString data = directory(u"data"_s);
    SingleInstance instance;
    QVERIFY(instance.listen(data));
    std::vector<std::unique_ptr<QLocalSocket>> silent;
    const auto open = [&silent] {
        return std::count_if(silent.cbegin(), silent.cend(), [](const auto &socket) {
            return socket->state() == QLocalSocket::ConnectedState;
        });
    };

    for (int i = 0; i < 30; ++i) {
        silent.push_back(std::make_unique<QLocalSocket>());
        silent.back()->connectToServer(windowSocketName(data));
        silent.back()->write("GHI1");
    }

    QTRY_COMPARE(open(), 16);
    silent.clear();
    QTRY_COMPARE(instance.findChildren<QLocalSocket *>().size(), 0);
    QTRY_COMPARE(handOverTo(data, {}), HandOver::Delivered);
}

void SingleInstanceTest::tooManyArgumentsAreRefused()
{
    const QString data = directory(u"data"_s);
    SingleInstance instance;
    QVERIFY(instance.listen(data));
    const QSignalSpy activated(&instance, &SingleInstance::activated);

    QCOMPARE(handOverTo(data, {QString(70'000, u'x')}), HandOver::Refused);

    QCOMPARE(activated.size(), 0);
}

void SingleInstanceTest::anotherVersionIsRefused()
{
    const QString data = directory(u"data"_s);
    QLocalServer other;
    connect(&other, &QLocalServer::newConnection, &other, [&other] {
        other.nextPendingConnection()->abort();
    });
    QVERIFY(other.listen(windowSocketName(data)));

    QCOMPARE(handOverTo(data, {}), HandOver::Refused);
}

void SingleInstanceTest::silentWindowIsGivenUp()
{
    const QString data = directory(u"data"_s);
    QLocalServer hung;
    QVERIFY(hung.listen(windowSocketName(data)));

    QCOMPARE(handOver(data, {}, 50ms), HandOver::Refused);
}

} // namespace gatehouse::app

QTEST_GUILESS_MAIN(gatehouse::app::SingleInstanceTest)
#include "tst_singleinstance.moc"
