#include "channels/channelcolumns.h"

#include <QTest>

using namespace Qt::StringLiterals;

using namespace gatehouse;
using namespace gatehouse::ui;

// What the list of channels says of one.
class ChannelColumnsTest : public QObject
{
    Q_OBJECT

private slots:
    void saysWhetherItServes_data();
    void saysWhetherItServes();
};

void ChannelColumnsTest::saysWhetherItServes_data()
{
    QTest::addColumn<domain::Health>("health");
    QTest::addColumn<bool>("testing");
    QTest::addColumn<QStringList>("models");
    QTest::addColumn<QString>("word");
    QTest::addColumn<Tone>("tone");

    const QStringList one{u"echo"_s};
    const QStringList none;
    QTest::newRow("serves") << domain::Health::Healthy << false << one << u"Healthy"_s
                            << Tone::Good;
    QTest::newRow("has no models")
        << domain::Health::Healthy << false << none << u"No models"_s << Tone::Caution;
    QTest::newRow("has no models and is tested")
        << domain::Health::Healthy << true << none << u"Testing"_s << Tone::Busy;
    QTest::newRow("has no models and is off")
        << domain::Health::Disabled << false << none << u"Disabled"_s << Tone::Neutral;
}

void ChannelColumnsTest::saysWhetherItServes()
{
    QFETCH(domain::Health, health);
    QFETCH(bool, testing);
    QFETCH(QStringList, models);
    QFETCH(QString, word);
    QFETCH(Tone, tone);
    ChannelRow row;
    row.channel.models = models;
    row.overview.health = health;
    row.testing = testing;

    const Cell cell = ChannelColumns::healthCell(row);

    QCOMPARE(cell.text, word);
    QVERIFY(cell.glyph);
    QCOMPARE(cell.tone, std::optional(tone));
}

QTEST_MAIN(ChannelColumnsTest)
#include "tst_channelcolumns.moc"
