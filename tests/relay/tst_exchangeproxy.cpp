#include "relay/exchangefixture.h"
#include "support/fakeproxy.h"

#include <QTest>

using namespace Qt::StringLiterals;

namespace gatehouse::relay {

using support::FakeProxy;
using support::FakeUpstream;
using support::jsonAnswer;
using support::ReceivedRequest;

// Requests of clients on their way through the proxy of the environment.
class ExchangeProxyTest : public QObject
{
    Q_OBJECT

private slots:
    void goThroughTheProxyOfTheEnvironment_data();
    void goThroughTheProxyOfTheEnvironment();
};

void ExchangeProxyTest::goThroughTheProxyOfTheEnvironment_data()
{
    QTest::addColumn<FakeProxy::Kind>("kind");
    QTest::addColumn<QString>("exceptions");
    QTest::addColumn<QByteArray>("host");
    QTest::addColumn<bool>("isProxied");

    QTest::newRow("HTTP") << FakeProxy::Kind::Http << QString() << QByteArray("outside.example")
                          << true;
    QTest::newRow("SOCKS") << FakeProxy::Kind::Socks5 << QString() << QByteArray("outside.example")
                           << true;
    QTest::newRow("another name is excepted")
        << FakeProxy::Kind::Http << u"inside.example"_s << QByteArray("outside.example") << true;
    QTest::newRow("this computer")
        << FakeProxy::Kind::Http << QString() << QByteArray("127.0.0.1") << false;
}

void ExchangeProxyTest::goThroughTheProxyOfTheEnvironment()
{
    QFETCH(FakeProxy::Kind, kind);
    QFETCH(QString, exceptions);
    QFETCH(QByteArray, host);
    QFETCH(bool, isProxied);
    FakeUpstream provider([](const ReceivedRequest &) { return jsonAnswer(200, chatAnswer()); });
    FakeProxy proxy(kind, "user", "pass word");
    const QString scheme = kind == FakeProxy::Kind::Http ? u"http"_s : u"socks5"_s;
    const QByteArray port = QByteArray::number(provider.port());
    ExchangeFixture fixture;
    fixture.content.settings().proxies = domain::OutgoingProxies::from(
        {{u"http_proxy"_s,
          u"%1://user:pass%20word@127.0.0.1:%2"_s.arg(scheme).arg(proxy.serverPort())},
         {u"no_proxy"_s, exceptions}});
    fixture.content.addChannel(1, "http://" + host + ":" + port);

    const auto asked = fixture.ask(chatRequest());
    QTRY_VERIFY(asked->client.hasEnded());

    QCOMPARE(asked->client.status, 200);
    QCOMPARE(asked->client.body, chatAnswer());
    QCOMPARE(proxy.targets(),
             isProxied ? QByteArrayList{"name:" + host + ":" + port} : QByteArrayList{});
}

} // namespace gatehouse::relay

QTEST_GUILESS_MAIN(gatehouse::relay::ExchangeProxyTest)
#include "tst_exchangeproxy.moc"
