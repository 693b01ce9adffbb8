#include "admin/administration.h"
#include "channels/modelchangedialog.h"
#include "support/fakeupstream.h"
#include "ui/channelsfixture.h"
#include "ui/find.h"
#include "widgets/messagebar.h"

#include <QPushButton>
#include <QTest>

using namespace Qt::StringLiterals;

using namespace gatehouse;
using namespace gatehouse::ui;

// What a channel is asked by a person, where its provider takes its time.
class ChannelQuestionsTest : public tests::ChannelsFixture
{
    Q_OBJECT

private slots:
    void canBeBrokenOff_data();
    void canBeBrokenOff();
};

void ChannelQuestionsTest::canBeBrokenOff_data()
{
    QTest::addColumn<QString>("action");
    QTest::addColumn<QString>("message");

    QTest::newRow("its models") << u"channels.refreshModels"_s << u"models %1"_s;
    QTest::newRow("its test") << u"channels.test"_s << u"test %1"_s;
}

void ChannelQuestionsTest::canBeBrokenOff()
{
    QFETCH(QString, action);
    QFETCH(QString, message);
    support::FakeUpstream upstream(
        [](const support::ReceivedRequest &) { return support::Script().stall(); });
    domain::Channel wanted{
        .name = u"slow"_s, .baseUrl = QString::fromLatin1(upstream.baseUrl()), .models = {u"m"_s}};
    wanted.keys.append({.secret = base::Secret(QByteArray("sk-test-0123456789"))});
    const domain::Channel channel = add(wanted);
    select({channel.id});
    auto *messages = m_page->findChild<MessageBar *>();
    const QString id = message.arg(channel.id.value);

    trigger(action);
    QTRY_COMPARE(messages->shownId(), id);
    QTest::mouseClick(tests::button<QPushButton>(messages, u"Cancel"_s), Qt::LeftButton);

    QTRY_VERIFY(!messages->hasMessage(id));
    QVERIFY(!dialog<ModelChangeDialog>());
}

QTEST_MAIN(ChannelQuestionsTest)
#include "tst_channelquestions.moc"
