#include "channels/channelorder.h"

#include <QTest>

using namespace gatehouse;
using namespace gatehouse::ui;

// What becomes of the priorities of channels when rows are moved.
class ChannelOrderTest : public QObject
{
    Q_OBJECT

private slots:
    void reorders_data();
    void reorders();
    void showsWhereTheyLand_data();
    void showsWhereTheyLand();
    void survivesTheEndsOfTheNumbers();
};

// Channels are numbered from 1 in the order in which they are shown.
static std::vector<admin::ChannelPriority> channelsOf(const QList<qint64> &priorities)
{
    std::vector<admin::ChannelPriority> channels;
    for (const qint64 priority : priorities) {
        const auto id = static_cast<qint64>(channels.size()) + 1;
        channels.push_back({.channel = {id}, .priority = priority});
    }
    return channels;
}

void ChannelOrderTest::reorders_data()
{
    using Numbers = QList<qint64>;
    QTest::addColumn<Numbers>("before"); // priorities, from the top
    QTest::addColumn<QList<int>>("moved");
    QTest::addColumn<int>("to");
    QTest::addColumn<Numbers>("after"); // of the same channels

    QTest::newRow("to the top") << Numbers{9, 5, 1} << QList<int>{2} << 0 << Numbers{9, 5, 19};
    QTest::newRow("to the end") << Numbers{9, 5, 1} << QList<int>{0} << 3 << Numbers{-9, 5, 1};
    QTest::newRow("where there is room")
        << Numbers{20, 10, 0} << QList<int>{2} << 1 << Numbers{20, 10, 15};
    QTest::newRow("between two of other tiers, which stay together")
        << Numbers{20, 20, 10, 10, 0} << QList<int>{4} << 2 << Numbers{20, 20, 10, 10, 15};
    QTest::newRow("into a tier") << Numbers{20, 10, 10, 0} << QList<int>{3} << 2
                                 << Numbers{20, 10, 10, 10};
    QTest::newRow("two tiers into one")
        << Numbers{20, 10, 10, 0} << QList<int>{0, 3} << 2 << Numbers{10, 10, 10, 10};
    QTest::newRow("up within its own tier")
        << Numbers{0, 0, 0} << QList<int>{2} << 1 << Numbers{0, 0, 10};
    QTest::newRow("down within its own tier")
        << Numbers{0, 0, 0} << QList<int>{0} << 2 << Numbers{-10, 0, 0};
    QTest::newRow("up within its own tier, below another")
        << Numbers{20, 0, 0} << QList<int>{2} << 2 << Numbers{20, 0, 0}; // it stands there
    QTest::newRow("up past its own tier")
        << Numbers{20, 0, 0} << QList<int>{2} << 1 << Numbers{20, 0, 10};
    QTest::newRow("where there is no room, all above move up together")
        << Numbers{2, 2, 1, 0} << QList<int>{3} << 2 << Numbers{21, 21, 1, 11};
    QTest::newRow("several keep their order and their tiers")
        << Numbers{40, 30, 5, 5, 2} << QList<int>{2, 3, 4} << 1 << Numbers{40, 30, 37, 37, 34};
    QTest::newRow("apart from each other")
        << Numbers{40, 30, 20, 10} << QList<int>{1, 3} << 0 << Numbers{40, 60, 20, 50};
    QTest::newRow("to where it is") << Numbers{3, 2, 1} << QList<int>{1} << 2 << Numbers{3, 2, 1};
    QTest::newRow("all of them") << Numbers{3, 2} << QList<int>{0, 1} << 0 << Numbers{3, 2};
    QTest::newRow("none") << Numbers{3, 2} << QList<int>{} << 0 << Numbers{3, 2};
}

void ChannelOrderTest::reorders()
{
    QFETCH(QList<qint64>, before);
    QFETCH(QList<int>, moved);
    QFETCH(int, to);
    QFETCH(QList<qint64>, after);

    const auto changes = reordered(channelsOf(before), moved, to);

    QList<qint64> found = before;
    for (const admin::ChannelPriority &change : changes) {
        qint64 &priority = found[change.channel.value - 1];
        QVERIFY(priority != change.priority); // what stays is no change
        priority = change.priority;
    }
    QCOMPARE(found, after);
}

void ChannelOrderTest::showsWhereTheyLand_data()
{
    using Numbers = QList<qint64>;
    QTest::addColumn<Numbers>("before"); // priorities, from the top
    QTest::addColumn<QList<int>>("moved");
    QTest::addColumn<int>("to");
    QTest::addColumn<int>("first");
    QTest::addColumn<int>("last");

    QTest::newRow("between two tiers")
        << Numbers{20, 20, 10, 10, 0} << QList<int>{4} << 2 << 2 << 2;
    QTest::newRow("to the top") << Numbers{9, 9, 1} << QList<int>{2} << 0 << 0 << 0;
    QTest::newRow("to the end") << Numbers{9, 1, 1} << QList<int>{0} << 3 << 3 << 3;
    QTest::newRow("into a tier, whose place in it is not theirs to choose")
        << Numbers{20, 10, 10, 10, 0} << QList<int>{4} << 2 << 1 << 4;
    QTest::newRow("into a tier with one of its own")
        << Numbers{20, 10, 10, 10, 0} << QList<int>{2, 4} << 3 << 1 << 4;
    QTest::newRow("up out of its own tier")
        << Numbers{20, 10, 10, 10} << QList<int>{3} << 2 << 1 << 1;
    QTest::newRow("down out of its own tier")
        << Numbers{10, 10, 10, 0} << QList<int>{0} << 2 << 3 << 3;
    QTest::newRow("to where it is") << Numbers{10, 10, 10} << QList<int>{1} << 2 << 2 << 2;
    QTest::newRow("none") << Numbers{3, 3} << QList<int>{} << 1 << 1 << 1;
}

void ChannelOrderTest::showsWhereTheyLand()
{
    QFETCH(QList<qint64>, before);
    QFETCH(QList<int>, moved);
    QFETCH(int, to);

    const DropPlace place = dropPlace(channelsOf(before), moved, to);

    QTEST(place.first, "first");
    QTEST(place.last, "last");
}

void ChannelOrderTest::survivesTheEndsOfTheNumbers()
{
    constexpr qint64 most = std::numeric_limits<qint64>::max();
    constexpr qint64 least = std::numeric_limits<qint64>::min();

    const auto up = reordered(channelsOf({most, 0, least}), {2}, 0);
    const auto down = reordered(channelsOf({most, 0, least}), {0}, 3);

    const auto priorityOf = [](const auto &changes, qint64 id, qint64 former) {
        for (const admin::ChannelPriority &change : changes) {
            if (change.channel.value == id)
                return change.priority;
        }
        return former;
    };
    QVERIFY(priorityOf(up, 3, least) > priorityOf(up, 1, most));
    QVERIFY(priorityOf(up, 1, most) > 0);
    QVERIFY(priorityOf(down, 1, most) < priorityOf(down, 3, least));
    QVERIFY(priorityOf(down, 3, least) < 0);
}

QTEST_GUILESS_MAIN(ChannelOrderTest)
#include "tst_channelorder.moc"
