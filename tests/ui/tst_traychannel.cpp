#include "admin/statistics/statistics.h"
#include "frame/traychannel.h"

#include <QDateTime>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace gatehouse;

class TrayChannelTest : public QObject
{
    Q_OBJECT

private slots:
    void tellsHowItIs_data();
    void tellsHowItIs();
    void keepsNamesShort();
};

void TrayChannelTest::tellsHowItIs_data()
{
    QTest::addColumn<domain::Health>("health");
    QTest::addColumn<qint64>("left"); // milliseconds; 0: it waits for nothing
    QTest::addColumn<QString>("text");

    QTest::newRow("well") << domain::Health::Healthy << qint64(0) << u"R&&D"_s;
    QTest::newRow("fails at times") << domain::Health::Degraded << qint64(0) << u"R&&D\tDegraded"_s;
    QTest::newRow("waits") << domain::Health::Open << qint64(161'000) << u"R&&D\tOpen 2:41"_s;
    QTest::newRow("a second that has begun")
        << domain::Health::Open << qint64(160'001) << u"R&&D\tOpen 2:41"_s;
    QTest::newRow("has waited") << domain::Health::Open << qint64(-1) << u"R&&D\tOpen"_s;
    QTest::newRow("switched off") << domain::Health::Disabled << qint64(0) << u"R&&D\tDisabled"_s;
}

void TrayChannelTest::tellsHowItIs()
{
    QFETCH(domain::Health, health);
    QFETCH(qint64, left);
    QFETCH(QString, text);
    const QDateTime now = QDateTime::fromMSecsSinceEpoch(1'796'100'000'000, Qt::UTC);

    const QString shown = ui::trayChannelText(
        u"R&D"_s, {.health = health, .until = left == 0 ? 0 : now.toMSecsSinceEpoch() + left}, now);

    QCOMPARE(shown, text);
}

void TrayChannelTest::keepsNamesShort()
{
    const QString text = ui::menuItemText(QString(190, u'm') + u"\tx"_s);

    QVERIFY(text.size() < 60);
    QVERIFY(text.endsWith(u'…'));
    QVERIFY(!ui::menuItemText(u"a\tb"_s).contains(u'\t'));
}

QTEST_GUILESS_MAIN(TrayChannelTest)
#include "tst_traychannel.moc"
