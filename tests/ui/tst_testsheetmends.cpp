#include "admin/administration.h"
#include "admin/channels/channeltester.h"
#include "channels/channelcommands.h"
#include "domain/providertype.h"
#include "ui/testsheetfixture.h"
#include "widgets/table/tableview.h"

#include <QSignalSpy>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

using namespace gatehouse;
using namespace gatehouse::ui;
using admin::TestStep;
using admin::TestVerdict;
using support::Script;
using tests::soundAnswer;

// What is done about channels and keys that failed in a test.
class TestSheetMendsTest : public tests::TestSheetFixture
{
    Q_OBJECT

private slots:
    void retriesWhatFailed();
    void disablesWhatFailedAndUndoesIt();
    void disablesChannelsWithoutKeysOfTheirOwn();
    void disablesNoKeyThatWorksForSomeModel();
    void disablesAKeyThatWasRefused();
};

void TestSheetMendsTest::retriesWhatFailed()
{
    std::atomic<bool> broken = true;
    support::FakeUpstream upstream([&broken](const auto &) {
        return broken ? support::jsonAnswer(500, "{}") : soundAnswer();
    });
    support::FakeUpstream sound([](const auto &) { return soundAnswer(); });
    add(u"broken"_s, upstream);
    add(u"sound"_s, sound);
    TestSheet sheet(m_fixture->services());
    runAll(sheet);
    QTRY_VERIFY(button(sheet, u"Retry failed"_s)->isEnabled());

    broken = false;
    click(sheet, u"Retry failed"_s);
    QTRY_VERIFY(isOver() && run()->done() == 2);

    QTRY_COMPARE(sheet.table().row(0).outcome.verdict, TestVerdict::Answered);
    QCOMPARE(sound.requestCount(), 1);
    QTRY_VERIFY(!button(sheet, u"Retry failed"_s)->isEnabled());
}

void TestSheetMendsTest::disablesWhatFailedAndUndoesIt()
{
    support::FakeUpstream upstream([](const support::ReceivedRequest &request) {
        return request.header("Authorization").contains("good")
                   ? soundAnswer()
                   : support::jsonAnswer(500, R"({"error":{"message":"broken"}})");
    });
    const domain::Channel mixed =
        add(u"mixed"_s, upstream, {u"m"_s}, {"sk-0123456789-good-7Qa1", "sk-0123456789-bad-9tRe"});
    const domain::Channel bad = add(u"bad"_s, upstream, {u"m"_s}, {"sk-0123456789-bad"});
    TestSheet sheet(m_fixture->services());
    sheet.show();
    check(sheet, u"With each key"_s)->click();
    runAll(sheet);
    QTRY_VERIFY(button(sheet, u"Disable failed"_s)->isEnabled());

    click(sheet, u"Disable failed"_s);
    QTRY_VERIFY(!stored(bad.id).isEnabled());
    const domain::Channel changed = stored(mixed.id);
    QVERIFY(changed.isEnabled());
    QVERIFY(changed.keys[0].enabled);
    QVERIFY(!changed.keys[1].enabled);

    m_fixture->services().undo.undo();
    QTRY_VERIFY(stored(bad.id).isEnabled());
    QVERIFY(stored(mixed.id).keys[1].enabled);
}

void TestSheetMendsTest::disablesChannelsWithoutKeysOfTheirOwn()
{
    support::FakeUpstream upstream([](const support::ReceivedRequest &) {
        return support::jsonAnswer(500, R"({"error":{"message":"broken"}})");
    });
    const domain::Channel keyless = add(u"keyless"_s, upstream, {u"m"_s}, {});
    domain::Channel offline{
        .type = domain::provider::echo, .name = u"Echo"_s, .models = {u"echo-error-500"_s}};
    offline.keys = {{.secret = base::Secret(QByteArray("never-asked-for"))}};
    const domain::Channel echo =
        m_fixture->wait(m_fixture->administration().channels.create({offline})).front();
    UndoStack &undo = m_fixture->services().undo;
    QSignalSpy done(&undo, &UndoStack::done);
    TestSheet sheet(m_fixture->services());
    sheet.show();
    runAll(sheet);
    QTRY_VERIFY(button(sheet, u"Disable failed"_s)->isEnabled());
    click(sheet, u"Disable failed"_s);
    QTRY_COMPARE(done.size(), 1);
    QVERIFY(!stored(keyless.id).isEnabled());
    QVERIFY(!stored(echo.id).isEnabled());
    QVERIFY(stored(echo.id).keys[0].enabled);

    // What is counted is what was changed.
    ChannelCommands commands(m_fixture->services());
    m_fixture->waitFor(commands.disableFailed(run()->steps));
    QCOMPARE(undo.undoText(), u"Nothing was left to disable"_s);
    undo.undo();
    undo.undo();
    QTRY_VERIFY(stored(echo.id).isEnabled());
    QVERIFY(stored(keyless.id).isEnabled());
}

// That a provider no longer has one of the models is no fault of the key.
void TestSheetMendsTest::disablesNoKeyThatWorksForSomeModel()
{
    support::FakeUpstream upstream([](const support::ReceivedRequest &request) {
        return request.body.contains("gone") || request.header("Authorization").contains("bad")
                   ? support::jsonAnswer(404,
                                         R"({"error":{"message":"x","code":"model_not_found"}})")
                   : soundAnswer();
    });
    const domain::Channel working =
        add(u"working"_s, upstream, {u"m"_s, u"gone"_s}, {"sk-0123456789-good"});
    TestSheet sheet(m_fixture->services());
    choose(sheet, admin::TestSubject::AllModels);
    runAll(sheet);
    QTRY_VERIFY(button(sheet, u"Retry failed"_s)->isEnabled());
    QVERIFY(!button(sheet, u"Disable failed"_s)->isEnabled());

    const domain::Channel bad = add(u"bad"_s, upstream, {u"m"_s, u"n"_s}, {"sk-0123456789-bad"});
    runAll(sheet);
    QTRY_VERIFY(button(sheet, u"Disable failed"_s)->isEnabled());
    click(sheet, u"Disable failed"_s);

    QTRY_VERIFY(!stored(bad.id).isEnabled());
    QVERIFY(stored(working.id).isEnabled());
    QVERIFY(stored(working.id).keys[0].enabled);
}

void TestSheetMendsTest::disablesAKeyThatWasRefused()
{
    support::FakeUpstream upstream([](const support::ReceivedRequest &request) {
        return request.body.contains("gone") ? support::jsonAnswer(
                   401, R"({"error":{"message":"no","code":"invalid_api_key"}})")
                                             : soundAnswer();
    });
    const domain::Channel channel =
        add(u"refused"_s, upstream, {u"m"_s, u"gone"_s}, {"sk-0123456789-late"});
    TestSheet sheet(m_fixture->services());
    choose(sheet, admin::TestSubject::AllModels);
    runAll(sheet);
    QTRY_VERIFY(button(sheet, u"Disable failed"_s)->isEnabled());

    click(sheet, u"Disable failed"_s);

    QTRY_VERIFY(!stored(channel.id).isEnabled());
}

QTEST_MAIN(TestSheetMendsTest)
#include "tst_testsheetmends.moc"
