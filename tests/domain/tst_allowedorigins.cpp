#include "domain/allowedorigins.h"

#include <QTest>

using namespace Qt::StringLiterals;

namespace gatehouse::domain {

class AllowedOriginsTest : public QObject
{
    Q_OBJECT

private slots:
    void readsOrigins_data();
    void readsOrigins();
    void refusesWhatIsNoOrigin_data();
    void refusesWhatIsNoOrigin();
    void answersTheOriginItself_data();
    void answersTheOriginItself();
    void nothingAllowsNobody();
};

void AllowedOriginsTest::readsOrigins_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QByteArrayList>("origins");

    const auto row = [](const char *name, const QString &text, const QByteArrayList &origins) {
        QTest::newRow(name) << text << origins;
    };
    row("one", u"https://chat.example.com"_s, {"https://chat.example.com"});
    row("several, however they are separated",
        u" https://a.example,http://localhost:8080\n http://b "_s,
        {"https://a.example", "http://localhost:8080", "http://b"});
    row("in capitals", u"HTTPS://Chat.Example.COM"_s, {"https://chat.example.com"});
    row("usual ports, which browsers leave out",
        u"https://a.example:443 http://b.example:80"_s,
        {"https://a.example", "http://b.example"});
    row("the other's usual port", u"http://a.example:443"_s, {"http://a.example:443"});
    row("an address", u"http://192.168.1.5:3001"_s, {"http://192.168.1.5:3001"});
    row("IPv6", u"http://[::1]:5173"_s, {"http://[::1]:5173"});
    row("not in ASCII", u"https://b\u00fccher.example"_s, {"https://xn--bcher-kva.example"});
    row("an application's own scheme", u"app://obsidian.md"_s, {"app://obsidian.md"});
    row("an extension",
        u"chrome-extension://abcdefghijklmnop"_s,
        {"chrome-extension://abcdefghijklmnop"});
    row("the same twice", u"http://a http://a:80"_s, {"http://a"});
    row("nothing", u" , "_s, {});
}

void AllowedOriginsTest::readsOrigins()
{
    QFETCH(QString, text);

    const auto allowed = allowedOriginsFrom(text);

    QVERIFY2(allowed, allowed ? "" : qPrintable(allowed.error().message.english()));
    QVERIFY(!allowed->any);
    QTEST(QByteArrayList(allowed->origins), "origins");
    QCOMPARE(allowed->isEmpty(), allowed->origins.isEmpty());
}

void AllowedOriginsTest::refusesWhatIsNoOrigin_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("words"); // of the refusal

    QTest::newRow("a slash at the end") << u"https://a.example/"_s << u"without a slash"_s;
    QTest::newRow("a path") << u"https://a.example/chat"_s << u"has a path"_s;
    QTest::newRow("null") << u"null"_s << u"no page in particular"_s;
    QTest::newRow("an asterisk among others") << u"* https://a.example"_s << u"* alone"_s;
    QTest::newRow("an asterisk within a name") << u"https://*.example"_s << u"* alone"_s;
    QTest::newRow("no scheme") << u"a.example"_s << u"is no origin"_s;
    QTest::newRow("no host") << u"https://"_s << u"is no origin"_s;
    QTest::newRow("a user") << u"https://me@a.example"_s << u"is no origin"_s;
    QTest::newRow("a query") << u"https://a.example?x=1"_s << u"is no origin"_s;
    QTest::newRow("port 0") << u"https://a.example:0"_s << u"is no origin"_s;
    QTest::newRow("a port too large") << u"https://a.example:65536"_s << u"is no origin"_s;
    QTest::newRow("no port") << u"https://a.example:"_s << u"is no origin"_s;
    QTest::newRow("a good one and a bad one") << u"http://a http://b/"_s << u"http://b/"_s;
}

void AllowedOriginsTest::refusesWhatIsNoOrigin()
{
    QFETCH(QString, text);
    QFETCH(QString, words);

    const auto allowed = allowedOriginsFrom(text);

    QVERIFY(!allowed);
    QCOMPARE(allowed.error().code, base::ErrorCode::InvalidInput);
    const QString message = allowed.error().message.english();
    QVERIFY2(message.contains(words), qPrintable(message));
}

void AllowedOriginsTest::answersTheOriginItself_data()
{
    QTest::addColumn<QByteArray>("origin");
    QTest::addColumn<bool>("isAllowed");

    QTest::newRow("the first") << QByteArray("https://chat.example") << true;
    QTest::newRow("the second") << QByteArray("http://localhost:8080") << true;
    QTest::newRow("another scheme") << QByteArray("http://chat.example") << false;
    QTest::newRow("another port") << QByteArray("http://localhost:8081") << false;
    QTest::newRow("without its port") << QByteArray("http://localhost") << false;
    QTest::newRow("a name that begins so") << QByteArray("https://chat.example.evil") << false;
    QTest::newRow("a name that ends so") << QByteArray("https://a.chat.example") << false;
    QTest::newRow("null") << QByteArray("null") << false;
    QTest::newRow("nothing") << QByteArray() << false;
}

void AllowedOriginsTest::answersTheOriginItself()
{
    QFETCH(QByteArray, origin);
    QFETCH(bool, isAllowed);
    const auto allowed = allowedOriginsFrom(u"https://chat.example http://localhost:8080"_s);

    const QByteArray answer = allowed->answerTo(origin).toByteArray();

    QCOMPARE(answer, isAllowed ? origin : QByteArray());
    QCOMPARE(allowedOriginsFrom(u"*"_s)->answerTo(origin).toByteArray(), QByteArray("*"));
}

void AllowedOriginsTest::nothingAllowsNobody()
{
    const auto allowed = allowedOriginsFrom(QString());

    QVERIFY(allowed->isEmpty());
    QVERIFY(allowed->answerTo("https://chat.example").isEmpty());
}

} // namespace gatehouse::domain

QTEST_GUILESS_MAIN(gatehouse::domain::AllowedOriginsTest)
#include "tst_allowedorigins.moc"
