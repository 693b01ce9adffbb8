#include "admin/administration.h"
#include "frame/standingmessages.h"
#include "ui/find.h"
#include "ui/windowfixture.h"
#include "widgets/messagebar.h"

#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

using namespace Qt::StringLiterals;

using namespace gatehouse;
using namespace gatehouse::ui;

// What stands over all pages while it lasts.
class StandingMessagesTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void cleanup();
    void tellsOfABudgetThatIsSpent();
    void aBudgetThatWasRaisedIsNothingToTell();
    void tellsOfAnExportThatFails();
    void whatWasClosedComesBackForANewCause();
    void showsWhatFailedBeforeTheWindow();

private:
    admin::Administration &administration() { return m_fixture->administration(); }
    void spend()
    {
        emit administration().happenings.happened({.kind = admin::Happening::Kind::BudgetSpent,
                                                   .name = u"laptop"_s,
                                                   .token = {7},
                                                   .user = {1},
                                                   .share = 1});
    }
    void fail(const QString &why)
    {
        emit administration().webhook.failed({.code = base::ErrorCode::Unavailable,
                                              .message = base::Message::verbatim(why),
                                              .detail = u"status 500"_s});
    }
    void dismiss(const QString &id)
    {
        m_bar->removeMessage(id);
        emit m_bar->dismissed(id);
    }

    const QString m_webhook = u"export integrations.webhook_url"_s;
    std::unique_ptr<support::WindowFixture> m_fixture;
    std::unique_ptr<MessageBar> m_bar;
    std::unique_ptr<StandingMessages> m_messages;
};

void StandingMessagesTest::initTestCase()
{
    m_fixture = std::make_unique<support::WindowFixture>();
    QVERIFY(m_fixture->start());
}

void StandingMessagesTest::init()
{
    m_bar = std::make_unique<MessageBar>();
    m_messages = std::make_unique<StandingMessages>(m_fixture->services(), *m_bar, nullptr);
}

void StandingMessagesTest::cleanup()
{
    emit administration().webhook.delivered({});
    m_messages.reset();
    m_bar.reset();
}

void StandingMessagesTest::tellsOfABudgetThatIsSpent()
{
    const QSignalSpy asked(m_messages.get(), &StandingMessages::itemRequested);

    spend();

    QCOMPARE(m_bar->shownId(), u"budget token 7"_s);
    QVERIFY(m_bar->accessibleDescription().contains(u"laptop"_s));
    QTest::mouseClick(tests::button<QPushButton>(m_bar.get(), u"Budget…"_s), Qt::LeftButton);
    QCOMPARE(asked.size(), 1);
    QCOMPARE(asked.front().front().value<PageId>(), PageId::Tokens);
    QCOMPARE(asked.front().back().toLongLong(), 7);
    dismiss(u"budget token 7"_s);
    spend(); // anew
    QVERIFY(m_bar->hasMessage(u"budget token 7"_s));
}

void StandingMessagesTest::aBudgetThatWasRaisedIsNothingToTell()
{
    spend();

    emit administration().happenings.budgetsLookedAt(); // none is spent

    QCOMPARE(m_bar->messageCount(), 0);
}

void StandingMessagesTest::tellsOfAnExportThatFails()
{
    const QSignalSpy asked(m_messages.get(), &StandingMessages::settingRequested);

    fail(u"Refused."_s);

    QCOMPARE(m_bar->shownId(), m_webhook);
    QVERIFY(m_bar->accessibleDescription().endsWith(u"Refused."_s));
    QTest::mouseClick(tests::button<QPushButton>(m_bar.get(), u"Settings…"_s), Qt::LeftButton);
    QCOMPARE(asked.size(), 1);
    QCOMPARE(asked.front().front().toString(), u"integrations.webhook_url"_s);
    emit administration().webhook.delivered({});
    QCOMPARE(m_bar->messageCount(), 0);
}

void StandingMessagesTest::whatWasClosedComesBackForANewCause()
{
    fail(u"Refused."_s);
    dismiss(m_webhook);
    fail(u"Refused."_s);
    QVERIFY(!m_bar->hasMessage(m_webhook));

    fail(u"Too late."_s);
    QVERIFY(m_bar->hasMessage(m_webhook));
    dismiss(m_webhook);
    emit administration().webhook.delivered({});
    fail(u"Too late."_s); // once more

    QVERIFY(m_bar->hasMessage(m_webhook));
}

void StandingMessagesTest::showsWhatFailedBeforeTheWindow()
{
    m_messages.reset();
    fail(u"Refused."_s);

    m_messages = std::make_unique<StandingMessages>(m_fixture->services(), *m_bar, nullptr);

    QVERIFY(m_bar->hasMessage(m_webhook));
}

QTEST_MAIN(StandingMessagesTest)
#include "tst_standingmessages.moc"
