#include "channels/detailtabs.h"

#include <QTest>

using namespace Qt::StringLiterals;

using namespace gatehouse;
using namespace gatehouse::ui;

// What the tab History says of a channel's changes.
class ChannelHistoryTest : public QObject
{
    Q_OBJECT

private slots:
    void tellsWhoAndWhat();
    void tellsThatThereAreMore();
    void tellsThatThereAreNone();
};

static domain::HistoryEntry renamed()
{
    return {.at = 1'700'000'000'000,
            .author = {.kind = domain::Author::Kind::User, .user = {7}, .name = u"alice"_s},
            .objectName = u"new"_s,
            .fields = {{.field = u"name"_s, .before = u"old"_s, .after = u"new"_s},
                       {.field = u"keys_changed"_s, .after = 1}}};
}

void ChannelHistoryTest::tellsWhoAndWhat()
{
    const QList<Fact> facts = DetailTabs::changes({.entries = {renamed()}});

    QCOMPARE(facts.size(), 1);
    QVERIFY(!facts[0].label.isEmpty());
    QCOMPARE(facts[0].text, u"Changed, by alice\nName: old → new\nKeys changed: 1"_s);
}

void ChannelHistoryTest::tellsThatThereAreMore()
{
    const QList<Fact> facts = DetailTabs::changes({.entries = {renamed()}, .next = 5});

    QCOMPARE(facts.size(), 2);
    QVERIFY(facts[1].text.contains(u"Older"_s));
}

void ChannelHistoryTest::tellsThatThereAreNone()
{
    const QList<Fact> facts = DetailTabs::changes({});

    QCOMPARE(facts.size(), 1);
    QVERIFY(facts[0].label.isEmpty());
}

QTEST_MAIN(ChannelHistoryTest)
#include "tst_channelhistory.moc"
