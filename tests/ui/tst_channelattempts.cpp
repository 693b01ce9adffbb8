#include "admin/administration.h"
#include "channels/channelcolumns.h"
#include "channels/channeldetail.h"
#include "charts/heatstrip.h"
#include "ui/channelsfixture.h"
#include "ui/find.h"
#include "widgets/factgrid.h"

#include <QSignalSpy>
#include <QTest>

using namespace Qt::StringLiterals;

using namespace gatehouse;
using namespace gatehouse::ui;

// A channel that fails the first attempt of every request, which another one makes good.
class ChannelAttemptsTest : public tests::ChannelsFixture
{
    Q_OBJECT

private slots:
    void init();
    void successLeadsToTheAttempts();
    void cellsLeadToTheirMinutes();
    void selectingLeadsNowhere();
    void detailsAndErrorsLeadToWhatWentOn();

private:
    qint64 countOf(const QString &filter);
    // The only filter that was asked for; empty: none or several were.
    static QString filterOf(const QSignalSpy &asked);

    domain::Channel m_first{};
    domain::Channel m_second{};
};

void ChannelAttemptsTest::init()
{
    ChannelsFixture::init();
    m_first = add({.name = u"first"_s,
                   .models = {u"shared"_s},
                   .priority = 5,
                   .modelMapping = {{u"shared"_s, u"echo-error-503"_s}}});
    m_second = add(
        {.name = u"second"_s, .models = {u"shared"_s}, .modelMapping = {{u"shared"_s, u"echo"_s}}});
    const domain::Token token = m_fixture->addToken(u"attempts of %1"_s.arg(m_first.id.value));
    QCOMPARE(m_fixture->chat(token, u"shared"_s), 200);
    QTRY_COMPARE_WITH_TIMEOUT((trigger(u"channels.refresh"_s),
                               QTest::qWait(100),
                               cell(m_first.id, u"success"_s).data().toString()),
                              u"0 %"_s,
                              30'000);
}

qint64 ChannelAttemptsTest::countOf(const QString &filter)
{
    return m_fixture
        ->wait(m_fixture->administration().traffic.count(
            domain::filterQueryFrom(filter, admin::TrafficService::filterKeys())))
        .requests;
}

QString ChannelAttemptsTest::filterOf(const QSignalSpy &asked)
{
    return asked.size() == 1 ? asked.front().at(1).toString() : QString();
}

void ChannelAttemptsTest::successLeadsToTheAttempts()
{
    QSignalSpy asked(m_page.get(), &Page::navigationRequested);
    view()->scrollTo(cell(m_first.id, u"success"_s));

    QTest::mouseClick(view()->viewport(),
                      Qt::LeftButton,
                      {},
                      view()->visualRect(cell(m_first.id, u"success"_s)).center());

    QCOMPARE(filterOf(asked), u"tried:#%1 since:24h"_s.arg(m_first.id.value));
    QCOMPARE(countOf(filterOf(asked)), 1);
    QVERIFY(cell(m_first.id, u"success"_s)
                .data(Qt::ToolTipRole)
                .toString()
                .startsWith(u"1 of 1 attempts within 24 hours failed."_s));
}

void ChannelAttemptsTest::cellsLeadToTheirMinutes()
{
    QSignalSpy asked(m_page.get(), &Page::navigationRequested);
    const QModelIndex index = cell(m_first.id, u"strip"_s);
    view()->scrollTo(index);
    const QRect rect = view()->visualRect(index);
    const auto strip = index.data(ChannelColumns::stripRole).value<HeatStrip>();
    qsizetype failed = -1;
    for (qsizetype i = 0; i < strip.cells.size(); ++i) {
        if (strip.cells.at(i).success >= 0)
            failed = i;
    }
    QVERIFY(failed >= 0);
    QCOMPARE(strip.cells.at(failed).success, 0.0);

    // The request may have ended in the minute before this one.
    qint64 found = 0;
    for (int x = rect.right(); x > rect.left() && found == 0; --x) {
        asked.clear();
        QTest::mouseClick(view()->viewport(), Qt::LeftButton, {}, {x, rect.center().y()});
        if (!asked.isEmpty())
            found = countOf(filterOf(asked));
    }

    QCOMPARE(found, 1);
    QVERIFY(filterOf(asked).startsWith(u"tried:#%1 since:"_s.arg(m_first.id.value)));
}

// Whoever holds Ctrl wants the row as well as others.
void ChannelAttemptsTest::selectingLeadsNowhere()
{
    QSignalSpy asked(m_page.get(), &Page::navigationRequested);

    for (const QString &column : {u"strip"_s, u"name"_s}) {
        QTest::mouseClick(view()->viewport(),
                          Qt::LeftButton,
                          column == u"name" ? Qt::NoModifier : Qt::ControlModifier,
                          view()->visualRect(cell(m_first.id, column)).center());
    }

    QCOMPARE(asked.size(), 0);
}

void ChannelAttemptsTest::detailsAndErrorsLeadToWhatWentOn()
{
    select({m_first.id});
    auto *detail = m_page->findChild<ChannelDetail *>();
    detail->showTab(ChannelDetail::Overview);
    const auto door = [detail] {
        for (const FactGrid *list : detail->findChildren<FactGrid *>()) {
            for (const Fact &fact : list->facts()) {
                if (fact.filter.startsWith(u"tried:"_s) && fact.door.endsWith(u'×'))
                    return fact;
            }
        }
        return Fact{};
    };
    QTRY_COMPARE(door().door, u"1×"_s);
    QCOMPARE(countOf(door().filter), 1);
    QSignalSpy asked(m_page.get(), &Page::navigationRequested);

    trigger(u"channels.errors"_s);

    QCOMPARE(filterOf(asked), door().filter);
}

QTEST_MAIN(ChannelAttemptsTest)
#include "tst_channelattempts.moc"
