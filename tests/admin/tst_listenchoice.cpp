#include "admin/gateway/listenchoice.h"

#include <QtTest>

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

using Reach = ListenChoice::Reach;

// What the setting of the listener means.
class ListenChoiceTest : public QObject
{
    Q_OBJECT

private slots:
    void understandsTheSetting_data();
    void understandsTheSetting();
    void refusesWhatIsNoAddress();
    void changesThePort();
    void namesItsAddresses();
};

void ListenChoiceTest::understandsTheSetting_data()
{
    QTest::addColumn<QString>("setting");
    QTest::addColumn<Reach>("reach");
    QTest::addColumn<bool>("isOpen");
    QTest::newRow("the default") << u"127.0.0.1:3000"_s << Reach::ThisComputer << false;
    QTest::newRow("both loopbacks")
        << u"127.0.0.1:3000 [::1]:3000"_s << Reach::ThisComputer << false;
    QTest::newRow("two ports") << u"127.0.0.1:3000 127.0.0.1:3001"_s << Reach::Custom << false;
    QTest::newRow("every address") << u"*:3000"_s << Reach::LocalNetwork << true;
    QTest::newRow("every address of IPv4") << u"0.0.0.0:3000"_s << Reach::LocalNetwork << true;
    QTest::newRow("one of the network") << u"192.168.1.20:3000"_s << Reach::Custom << true;
    QTest::newRow("mixed") << u"127.0.0.1:3000  192.168.1.20:3000"_s << Reach::Custom << true;
}

void ListenChoiceTest::understandsTheSetting()
{
    QFETCH(QString, setting);
    QFETCH(Reach, reach);
    QFETCH(bool, isOpen);

    const auto choice = ListenChoice::from(setting);

    QVERIFY(choice);
    QCOMPARE(choice->reach, reach);
    QCOMPARE(choice->isOpen, isOpen);
    QCOMPARE(choice->port, 3000);
    QVERIFY(ListenChoice::from(choice->text()));
    QCOMPARE(ListenChoice::from(choice->text())->reach, reach);
}

void ListenChoiceTest::refusesWhatIsNoAddress()
{
    for (const QString &text : {u""_s, u"  "_s, u"here"_s, u"127.0.0.1"_s, u"*:70000"_s})
        QVERIFY2(!ListenChoice::from(text), qPrintable(text));
}

void ListenChoiceTest::changesThePort()
{
    QCOMPARE(ListenChoice::from(u"127.0.0.1:3000"_s)->withPort(80).text(), u"127.0.0.1:80"_s);
    QCOMPARE(ListenChoice::from(u"*:3000"_s)->withPort(80).text(), u"*:80"_s);
    QCOMPARE(ListenChoice::from(u"[fd00::1]:3000 10.0.0.1:4000"_s)->withPort(80).text(),
             u"[fd00::1]:80 10.0.0.1:80"_s);
}

void ListenChoiceTest::namesItsAddresses()
{
    const auto addresses = ListenChoice::from(u"*:3000"_s)->addresses(true);

    QVERIFY(!addresses.empty());
    QCOMPARE(addresses.front().url, u"http://127.0.0.1:3000"_s);
    for (size_t i = 1; i < addresses.size(); ++i)
        QVERIFY2(addresses[i].url.startsWith(u"https://"_s), qPrintable(addresses[i].url));
}

} // namespace gatehouse::admin

QTEST_GUILESS_MAIN(gatehouse::admin::ListenChoiceTest)

#include "tst_listenchoice.moc"
