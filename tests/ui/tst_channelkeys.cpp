#include "admin/administration.h"
#include "channeleditor/channelgallery.h"
#include "channeleditor/channelkeys.h"
#include "support/fakeupstream.h"
#include "ui/channeldialogfixture.h"
#include "widgets/fields/keylistedit.h"
#include "widgets/fields/searchablelist.h"
#include "widgets/fields/tagedit.h"
#include "widgets/messagebar.h"
#include "widgets/table/tableview.h"

#include <QAbstractItemModelTester>
#include <QLineEdit>
#include <QTest>

using namespace Qt::StringLiterals;

using namespace gatehouse;
using namespace gatehouse::ui;
using tests::answerListing;
using tests::badKey;
using tests::goodKey;
namespace provider = gatehouse::domain::provider;

// The keys of a channel in its dialog: pasted, typed, tested and replaced.
class ChannelKeysTest : public tests::ChannelDialogFixture
{
    Q_OBJECT

private slots:
    void recognizesWhatIsPasted_data();
    void recognizesWhatIsPasted();
    void keepsKeysOutOfFieldsThatShowThem_data();
    void keepsKeysOutOfFieldsThatShowThem();
    void leavesKeysOfOthersOut();
    void sortsBareKeysByTheirProviders();
    void keepsWhatFitsTheChosenProvider();
    void warnsOfKeysForARelay();
    void cleansKeys();
    void warnsOfAKnownKey();
    void testsEachKey();
    void waitsForNoTokenThatIsNotAskedFor();
    void testsEcho();
    void forgetsWhatAnotherProviderOffered();
    void forgetsResultsOfAnotherAddress();
    void replacesAKey();
    void needsTheKeysAnewForAnotherHost();
};

void ChannelKeysTest::recognizesWhatIsPasted_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("providerType");
    QTest::addColumn<QString>("url");
    QTest::addColumn<int>("count");

    QTest::newRow("a key") << u"sk-ant-api03-0123456789abcdef"_s << provider::anthropic << QString()
                           << 1;
    QTest::newRow("a cURL command")
        << u"curl https://llm.example.com/v1/chat/completions -H \"Authorization: Bearer "
           "sk-0123456789abcdef\" -d '{\"model\":\"m1\"}'"_s
        << provider::custom << u"https://llm.example.com"_s << 1;
    QTest::newRow("a .env block") << u"GEMINI_API_KEY=\"AIza0123456789abcdefgh\"\n"_s
                                  << provider::gemini << QString() << 1;
    QTest::newRow("nothing") << u"good morning"_s << provider::openAi << QString() << 0;
}

void ChannelKeysTest::recognizesWhatIsPasted()
{
    QFETCH(QString, text);
    open();

    const bool recognized = m_dialog->pasteText(text);

    const domain::Channel channel = m_dialog->channel();
    QTEST(channel.type, "providerType");
    QTEST(channel.baseUrl, "url");
    QTEST(static_cast<int>(channel.keys.size()), "count");
    QCOMPARE(recognized, !channel.keys.isEmpty());
}

void ChannelKeysTest::keepsKeysOutOfFieldsThatShowThem_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<bool>("replaces");

    QTest::newRow("into the name") << u"Name"_s << false;
    QTest::newRow("over the name") << u"Name"_s << true;
    QTest::newRow("into the address") << u"Address"_s << false;
}

void ChannelKeysTest::keepsKeysOutOfFieldsThatShowThem()
{
    QFETCH(QString, name);
    QFETCH(bool, replaces);
    open();
    auto *edit = field<QLineEdit>(name);
    if (replaces)
        type(name, u"sales"_s);
    const QString former = edit->text();
    replaces ? edit->selectAll() : edit->end(false);

    edit->insert(u"sk-proj-0123456789abcdef"_s);

    QCOMPARE(edit->text(), former);
    QVERIFY(!edit->isUndoAvailable());
    QCOMPARE(m_dialog->channel().keys.size(), 1);
    QCOMPARE(m_dialog->channel().keys[0].secret.reveal(), QByteArray("sk-proj-0123456789abcdef"));
    // What says nothing of a channel is the field's own.
    edit->insert(u"https://relay.example.com/v1"_s);
    QVERIFY(edit->text().contains(u"relay.example.com"_s));
}

void ChannelKeysTest::leavesKeysOfOthersOut()
{
    open();

    QVERIFY(m_dialog->pasteText(u"ANTHROPIC_API_KEY=sk-ant-api03-0123456789abcdef\n"
                                "OPENROUTER_API_KEY=sk-or-v1-0123456789abcdef\n"_s));

    QCOMPARE(m_dialog->channel().keys.size(), 1);
    const auto *messages = m_dialog->findChild<MessageBar *>();
    QVERIFY(messages->hasMessage(u"leftOut"_s));
    // What was left out is of no interest once other keys stand there.
    keys()->field()->setPlainText(u"sk-ant-api03-fedcba9876543210"_s);
    QVERIFY(!messages->hasMessage(u"leftOut"_s));
}

void ChannelKeysTest::sortsBareKeysByTheirProviders()
{
    open();

    QVERIFY(m_dialog->pasteText(u"sk-ant-api03-0123456789abcdef\nAIza0123456789abcdefgh\n"
                                "sk-or-v1-0123456789abcdef\nabcdef0123456789abcdef\n"_s));

    const domain::Channel channel = m_dialog->channel();
    QCOMPARE(channel.type, provider::anthropic);
    QCOMPARE(channel.keys.size(), 2);
    QCOMPARE(channel.keys[0].secret.reveal(), QByteArray("sk-ant-api03-0123456789abcdef"));
    QCOMPARE(channel.keys[1].secret.reveal(), QByteArray("abcdef0123456789abcdef"));
    QVERIFY(says(u"Left out, since the keys of this channel go to Anthropic"_s));
    QVERIFY(says(u"AIza0…efgh (Google Gemini)"_s));
    QVERIFY(says(u"sk-or…cdef (OpenRouter)"_s));
    QVERIFY(m_dialog->pasteText(u"sk-ant-api03-fedcba9876543210"_s));
    QVERIFY(!says(u"Left out"_s));
}

void ChannelKeysTest::keepsWhatFitsTheChosenProvider()
{
    open();
    emit m_dialog->findChild<SearchableList *>()->chosen(choiceId({.type = provider::gemini}));
    keys()->field()->setPlainText(u"AIza0123456789abcdefgh"_s);

    QVERIFY(m_dialog->pasteText(u"sk-ant-api03-0123456789abcdef"_s));

    QCOMPARE(m_dialog->channel().type, provider::gemini);
    QCOMPARE(m_dialog->channel().keys.size(), 1);
    QVERIFY(says(u"sk-an…cdef (Anthropic)"_s));
    // What was typed is the person's own will.
    keys()->field()->setKeys({base::Secret(u"sk-ant-api03-0123456789abcdef"_s)});
    QVERIFY(says(u"is one of Anthropic, but would be sent to Google Gemini"_s));
    QVERIFY(button(u"Save"_s)->isEnabled());
}

void ChannelKeysTest::warnsOfKeysForARelay()
{
    open();
    emit m_dialog->findChild<SearchableList *>()->chosen(choiceId({.type = provider::custom}));
    type(u"Address"_s, u"https://relay.example.com"_s);

    QVERIFY(m_dialog->pasteText(u"sk-ant-api03-0123456789abcdef\nAIza0123456789abcdefgh"_s));

    QCOMPARE(m_dialog->channel().type, provider::custom);
    QCOMPARE(m_dialog->channel().baseUrl, u"https://relay.example.com"_s);
    QCOMPARE(m_dialog->channel().keys.size(), 2);
    QVERIFY(says(u"These are keys of several providers"_s));
    QVERIFY(!says(u"Left out"_s));
}

void ChannelKeysTest::cleansKeys()
{
    open();

    keys()->field()->setPlainText(u"  \"sk-first-0123456789abcdef\" ,\n\n\u200bsk-second-"
                                  "0123456789abcdef\ufeff\nsk-first-0123456789abcdef"_s);

    const domain::Channel channel = m_dialog->channel();
    QCOMPARE(channel.keys.size(), 2);
    QCOMPARE(channel.keys[0].secret.reveal(), QByteArray("sk-first-0123456789abcdef"));
    QCOMPARE(channel.keys[1].secret.reveal(), QByteArray("sk-second-0123456789abcdef"));
}

void ChannelKeysTest::warnsOfAKnownKey()
{
    addChannel(u"Elsewhere"_s, {"sk-known-0123456789abcdef"});
    open();

    keys()->field()->setPlainText(u"sk-known-0123456789abcdef"_s);

    QTRY_VERIFY(says(u"is in the channel “Elsewhere” already"_s));
    QVERIFY(button(u"Save"_s)->isEnabled());
}

void ChannelKeysTest::testsEachKey()
{
    support::FakeUpstream upstream(answerListing);
    open();
    emit m_dialog->findChild<SearchableList *>()->chosen(choiceId({.type = provider::custom}));
    type(u"Address"_s, QString::fromLatin1(upstream.baseUrl()));
    keys()->field()->setPlainText(QString::fromLatin1(goodKey) + u'\n'
                                  + QString::fromLatin1(badKey));
    QAbstractItemModelTester tester(keyTable());

    click(u"Test && fetch models"_s);

    QTRY_COMPARE(button(u"Stop"_s), nullptr);
    QCOMPARE(keyTable()->rowCount(), 2);
    QCOMPARE(keyTable()->index(0, 2).data().toString(), u"accepted"_s);
    QCOMPARE(keyTable()->index(0, 3).data().toString(), u"2 models"_s);
    QVERIFY(keyTable()->index(1, 2).data().toString().startsWith(u"401"_s));
    QVERIFY(!keyTable()->index(1, 0).data().toString().contains(u"sk-bad"_s));
    QVERIFY(says(u"…9tRe was refused"_s));
    QVERIFY(says(u"…9tRe: 401: invalid key"_s));
    QCOMPARE(m_dialog->channel().models, (QStringList{u"alpha"_s, u"beta"_s}));
    QVERIFY(says(u"2 of 2 models are offered."_s));
    click(u"Save"_s);
    QTRY_VERIFY(m_saved);
    const domain::Channel channel = stored(m_saved->id);
    QCOMPARE(channel.keys.size(), 2);
    QVERIFY(channel.keys[0].enabled);
    QVERIFY(!channel.keys[1].enabled);
}

void ChannelKeysTest::waitsForNoTokenThatIsNotAskedFor()
{
    const auto columns = channelKeyColumns();
    ChannelKeyRow row{.testing = true, .chats = false};

    QCOMPARE(columns.back().traits.key, u"chat"_s);
    QCOMPARE(columns.back().cell(row).accessible, u"not tried"_s);
    row.chats = true;
    QCOMPARE(columns.back().cell(row).text, u"testing…"_s);
}

// It has neither a field for its address nor one for keys.
void ChannelKeysTest::testsEcho()
{
    open();
    emit m_dialog->findChild<SearchableList *>()->chosen(choiceId({.type = provider::echo}));

    click(u"Test && fetch models"_s);

    QTRY_COMPARE(button(u"Stop"_s), nullptr);
    QVERIFY(!says(u"base URL"_s));
    QVERIFY(m_dialog->channel().models.contains(u"echo"_s));
}

void ChannelKeysTest::forgetsWhatAnotherProviderOffered()
{
    support::FakeUpstream upstream(answerListing);
    open();
    testAt(upstream);
    m_dialog->findChild<TagEdit *>()->setTags({u"alpha"_s, u"beta"_s, u"mine"_s});

    emit m_dialog->findChild<SearchableList *>()->chosen(choiceId({.type = 36}));

    QCOMPARE(m_dialog->channel().models, QStringList{u"mine"_s});
    QVERIFY(!says(u"models are offered"_s));
    QVERIFY(keyTable()->index(0, 2).data().toString() != u"accepted"_s);
}

void ChannelKeysTest::forgetsResultsOfAnotherAddress()
{
    support::FakeUpstream upstream(answerListing);
    open();
    testAt(upstream);

    // The same address, written otherwise.
    type(u"Address"_s, QString::fromLatin1(upstream.baseUrl()) + u'/');
    QCOMPARE(keyTable()->index(0, 2).data().toString(), u"accepted"_s);

    type(u"Address"_s, u"http://127.0.0.1:9/other"_s);
    QVERIFY(keyTable()->index(0, 2).data().toString() != u"accepted"_s);
    QVERIFY(!says(u"models are offered"_s));
    QCOMPARE(m_dialog->channel().models, (QStringList{u"alpha"_s, u"beta"_s}));
}

void ChannelKeysTest::replacesAKey()
{
    const domain::Channel channel = addChannel(u"Replaced"_s, {"sk-one-0123456789abcdef-aaaa"});
    open(channel);

    keys()->findChild<TableView *>()->selectSourceRow(0);
    type(u"Another key for the selected one"_s, u"sk-new-0123456789abcdef-cccc"_s);
    click(u"Replace"_s);
    QCOMPARE(keyTable()->index(0, 0).data().toString(), u"…cccc"_s);
    click(u"Save"_s);

    QTRY_VERIFY(m_saved);
    const auto views = m_fixture->wait(m_fixture->administration().channels.keys(channel.id));
    QCOMPARE(views.size(), size_t{1});
    QVERIFY(views.front().id != channel.keys[0].id); // the former one can be brought back
    QCOMPARE(views.front().ending, u"cccc"_s);
}

void ChannelKeysTest::needsTheKeysAnewForAnotherHost()
{
    const domain::Channel channel = addChannel(u"Moved"_s, {"sk-one-0123456789abcdef-aaaa"});
    open(channel);

    type(u"Address"_s, u"https://elsewhere.example.com"_s);
    click(u"Save"_s);

    auto *messages = m_dialog->findChild<MessageBar *>();
    QTRY_COMPARE(messages->messageCount(), 1);
    QVERIFY(says(u"Enter them again"_s));
    QCOMPARE(stored(channel.id).baseUrl, QString());
}

QTEST_MAIN(ChannelKeysTest)
#include "tst_channelkeys.moc"
