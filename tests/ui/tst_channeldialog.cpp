#include "admin/administration.h"
#include "channeleditor/channelgallery.h"
#include "channeleditor/channelkeys.h"
#include "channeleditor/channelmodelsheet.h"
#include "ui/accessibilitywalk.h"
#include "ui/channeldialogfixture.h"
#include "ui/find.h"
#include "widgets/dialogs/confirmation.h"
#include "widgets/fields/keylistedit.h"
#include "widgets/fields/searchablelist.h"
#include "widgets/fields/tagedit.h"
#include "widgets/messagebar.h"
#include "widgets/table/tableview.h"

#include <QAction>
#include <QApplication>
#include <QCheckBox>
#include <QContextMenuEvent>
#include <QDesktopServices>
#include <QDoubleSpinBox>
#include <QLineEdit>
#include <QListView>
#include <QMenu>
#include <QPlainTextEdit>
#include <QPointer>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTest>
#include <QToolButton>

using namespace Qt::StringLiterals;

using namespace gatehouse;
using namespace gatehouse::ui;
namespace provider = gatehouse::domain::provider;

// Stands for the person's browser.
class PageOpener : public QObject
{
    Q_OBJECT

public:
    QList<QUrl> opened{};

public slots:
    void open(const QUrl &url) { opened.append(url); }
};

class ChannelDialogTest : public tests::ChannelDialogFixture
{
    Q_OBJECT

private slots:
    void addsAChannel();
    void savesDisabled();
    void showsWhereRequestsGo_data();
    void showsWhereRequestsGo();
    void leadsToTheProvidersPages();
    void refusesItsOwnAddress();
    void warnsOfAPublicAddressWithoutTls();
    void keepsWhatWasTypedWhenRefused();
    void changesOnlyWhatWasDecided();
    void checksTheAdvancedFields();
    void hidesTheAccessToTheProxy();
    void hidesSecretsOfTheBody();
    void makesAGroupThatThereIsNot();
    void choosesModels();
    void ordersModelsAsPeopleDo();
    void searchesTheGallery();
    void keysKeepTheProviderInSight();
    void passingOverProvidersChoosesNone();
    void keepsTheAddressOfEachProvider();
    void closesAtOnceWhenNothingWasChanged();
    void asksBeforeTypedKeysAreLost();
    void asksBeforeAnEditIsLost();
    void isAccessible();
};

void ChannelDialogTest::addsAChannel()
{
    open();

    type(u"Name"_s, u"<b>Mine</b> שלום"_s);
    keys()->field()->setFocus();
    QTest::keyClicks(keys()->field(), u"sk-first-0123456789abcdef"_s);
    QTest::keyClick(keys()->field(), Qt::Key_Return);
    QTest::keyClicks(keys()->field(), u"sk-second-0123456789abcdef"_s);
    m_dialog->findChild<TagEdit *>()->setTags({u"gpt-4o"_s});
    QVERIFY(says(u"2 keys, one a line"_s));
    click(u"Save"_s);

    QTRY_VERIFY(m_saved);
    const domain::Channel channel = stored(m_saved->id);
    QCOMPARE(channel.name, u"<b>Mine</b> שלום"_s);
    QCOMPARE(channel.type, provider::openAi);
    QCOMPARE(channel.baseUrl, QString());
    QCOMPARE(channel.keys.size(), 2);
    QCOMPARE(channel.models, QStringList{u"gpt-4o"_s});
    QVERIFY(channel.isEnabled());
    QVERIFY(!m_dialog->isVisible());
}

void ChannelDialogTest::savesDisabled()
{
    open();

    QVERIFY(!button(u"Save"_s)->isEnabled()); // there is no key
    QVERIFY(button(u"Save disabled"_s)->isEnabled());
    click(u"Save disabled"_s);

    QTRY_VERIFY(m_saved);
    QCOMPARE(stored(m_saved->id).status, domain::ChannelStatus::DisabledByHand);
}

void ChannelDialogTest::showsWhereRequestsGo_data()
{
    QTest::addColumn<ProviderChoice>("choice");
    QTest::addColumn<QString>("typed");
    QTest::addColumn<QString>("text");

    QTest::newRow("the provider's own")
        << ProviderChoice{.type = provider::openAi} << QString()
        << u"Requests will go to https://api.openai.com/v1/chat/completions"_s;
    QTest::newRow("Anthropic") << ProviderChoice{.type = provider::anthropic} << QString()
                               << u"https://api.anthropic.com/v1/messages"_s;
    QTest::newRow("version typed as well")
        << ProviderChoice{.type = provider::custom} << u"https://llm.example.com/v1/"_s
        << u"Requests will go to https://llm.example.com/v1/chat/completions"_s;
    QTest::newRow("own path") << ProviderChoice{.type = provider::openAiCompatible}
                              << u"llm.example.com/api/v3"_s
                              << u"https://llm.example.com/api/v3/chat/completions"_s;
    QTest::newRow("nothing that is needed") << ProviderChoice{.type = provider::custom} << QString()
                                            << u"Enter the provider’s address."_s;
    QTest::newRow("no address") << ProviderChoice{.type = provider::custom} << u"ftp://host"_s
                                << u"is no base URL"_s;
}

void ChannelDialogTest::showsWhereRequestsGo()
{
    QFETCH(ProviderChoice, choice);
    QFETCH(QString, typed);
    QFETCH(QString, text);
    open();

    auto *gallery = m_dialog->findChild<SearchableList *>();
    emit gallery->chosen(choiceId(choice));
    type(u"Address"_s, typed);

    QVERIFY(says(text));
}

void ChannelDialogTest::leadsToTheProvidersPages()
{
    PageOpener opener;
    QDesktopServices::setUrlHandler(u"https"_s, &opener, "open");
    open();

    click(u"Where do I get a key?"_s);
    click(u"Documentation"_s);
    QDesktopServices::unsetUrlHandler(u"https"_s);

    QCOMPARE(opener.opened,
             QList<QUrl>({QUrl(u"https://platform.openai.com/api-keys"_s),
                          QUrl(u"https://platform.openai.com/docs"_s)}));
    type(u"Address"_s, u"https://other.example.com"_s); // whose pages nobody knows
    QVERIFY(!button(u"Documentation"_s)->isVisible());
    QVERIFY(!button(u"Where do I get a key?"_s)->isVisible());
}

void ChannelDialogTest::refusesItsOwnAddress()
{
    open();

    emit m_dialog->findChild<SearchableList *>()->chosen(choiceId({.type = provider::custom}));
    type(u"Address"_s, m_fixture->url());

    QVERIFY(says(u"an address of this gateway itself"_s));
    QVERIFY(!button(u"Save disabled"_s)->isEnabled());
}

void ChannelDialogTest::warnsOfAPublicAddressWithoutTls()
{
    open();

    type(u"Address"_s, u"http://192.168.1.9:8000"_s);
    QVERIFY(!says(u"has no TLS"_s));
    type(u"Address"_s, u"http://llm.example.com"_s);
    QVERIFY(says(u"has no TLS"_s));
    type(u"Address"_s, u"https://llm.example.com"_s);
    QVERIFY(!says(u"has no TLS"_s));
}

void ChannelDialogTest::keepsWhatWasTypedWhenRefused()
{
    open();
    type(u"Name"_s, u"Too many"_s);
    QStringList many;
    for (int i = 0; i < 2001; ++i)
        many.append(u"model-%1"_s.arg(i));
    m_dialog->findChild<TagEdit *>()->setTags(many);

    click(u"Save disabled"_s);

    auto *messages = m_dialog->findChild<MessageBar *>();
    QTRY_COMPARE(messages->messageCount(), 1);
    QVERIFY(m_dialog->isVisible());
    QVERIFY(button(u"Save disabled"_s)->isEnabled());
    QCOMPARE(m_dialog->channel().models.size(), 2001);
    QVERIFY(!m_saved);
}

void ChannelDialogTest::changesOnlyWhatWasDecided()
{
    const domain::Channel channel =
        addChannel(u"Edited"_s, {"sk-one-0123456789abcdef-aaaa", "sk-two-0123456789abcdef-bbbb"});
    open(channel);
    QTRY_COMPARE(keyTable()->index(0, 0).data().toString(), u"…aaaa"_s);
    m_fixture->wait(
        m_fixture->administration().channels.setKeyEnabled(channel.id, channel.keys[0].id, false));

    type(u"Name"_s, u"Renamed"_s);
    keys()->findChild<TableView *>()->selectSourceRow(1);
    click(u"Remove"_s);
    click(u"Save"_s);

    QTRY_VERIFY(m_saved);
    const domain::Channel after = stored(channel.id);
    QCOMPARE(after.name, u"Renamed"_s);
    QCOMPARE(after.keys.size(), 1);
    QCOMPARE(after.keys[0].id, channel.keys[0].id);
    QVERIFY(!after.keys[0].enabled); // as it was decided meanwhile
}

void ChannelDialogTest::checksTheAdvancedFields()
{
    const domain::Channel channel = addChannel(u"Advanced"_s, {"sk-one-0123456789abcdef-aaaa"});
    open(channel);
    const auto tools = m_dialog->findChildren<QToolButton *>();
    for (QToolButton *tool : tools) {
        if (tool->text() == u"Advanced"_s)
            tool->click();
    }

    auto *proxy = field<QComboBox>(u"Proxy"_s);
    QCOMPARE(proxy->currentText(), u"As the system says (environment)"_s);
    proxy->setCurrentIndex(proxy->findText(u"This address"_s));
    QVERIFY(!button(u"Save"_s)->isEnabled());
    type(u"Its address"_s, u"nonsense"_s);
    QVERIFY(!button(u"Save"_s)->isEnabled());
    type(u"Its address"_s, u"socks5://127.0.0.1:1080"_s);
    type(u"Connect within"_s, u"1500 ms"_s);
    type(u"Whole answer within"_s, u"2 min"_s);
    field<QSpinBox>(u"At the same time"_s)->setValue(3);
    field<QSpinBox>(u"Requests a minute"_s)->setValue(60);
    field<QSpinBox>(u"Tokens a minute"_s)->setValue(90'000);
    field<QDoubleSpinBox>(u"Price multiplier"_s)->setValue(0.85);
    QVERIFY(!says(u"nobody will notice"_s));
    const auto boxes = m_dialog->findChildren<QCheckBox *>();
    for (QCheckBox *box : boxes) {
        if (box->text().startsWith("Accept any certificate"_L1))
            box->click();
    }
    QVERIFY(says(u"nobody will notice"_s));
    QVERIFY(button(u"Save"_s)->isEnabled());
    click(u"Save"_s);

    // Then the proxy could read the key that was entered for the provider alone.
    QTRY_VERIFY(says(u"Enter them again"_s));
    proxy->setCurrentIndex(proxy->findText(u"None"_s));
    click(u"Save"_s);
    QTRY_VERIFY(m_saved);
    const domain::Channel after = stored(channel.id);
    QCOMPARE(after.proxy, u"none"_s);
    QCOMPARE(after.timeouts.connect, std::chrono::milliseconds(1500));
    QCOMPARE(after.timeouts.idle, std::chrono::milliseconds(0));
    QCOMPARE(after.timeouts.total, std::chrono::milliseconds(120'000));
    QCOMPARE(after.limits.concurrentRequests, 3);
    QCOMPARE(after.limits.requestsPerMinute, 60);
    QCOMPARE(after.limits.tokensPerMinute, 90'000);
    QCOMPARE(after.priceRatioMillionths, 850'000);
    QVERIFY(!after.verifyCertificate);
}

void ChannelDialogTest::hidesTheAccessToTheProxy()
{
    const QString proxy = u"http://ann:hunter2@proxy.example:8080"_s;
    domain::Channel channel = addChannel(u"Through a proxy"_s, {"sk-one-0123456789abcdef-aaaa"});
    channel.proxy = proxy;
    open(channel);

    QCOMPARE(field<QComboBox>(u"Proxy"_s)->currentText(), u"This address"_s);
    auto *shown = field<QLineEdit>(u"Its address"_s);
    QCOMPARE(shown->text(), u"http://proxy.example:8080"_s);
    QCOMPARE(m_dialog->channel().proxy, proxy);
    shown->setText(u"http://other.example:8080"_s);
    QCOMPARE(m_dialog->channel().proxy, u"http://other.example:8080"_s);

    shown->setText(u"http://proxy.example:8080"_s);
    auto *reveal = shown->findChild<QAction *>();
    QVERIFY(reveal);
    QVERIFY(reveal->isVisible());
    const QPoint place = shown->rect().center();
    QContextMenuEvent event(QContextMenuEvent::Keyboard, place, shown->mapToGlobal(place));
    QApplication::sendEvent(shown, &event); // the way of who has no mouse
    auto *menu = shown->findChild<QMenu *>();
    QVERIFY(menu);
    QVERIFY(menu->actions().contains(reveal));
    menu->close();
    reveal->trigger();
    QCOMPARE(shown->text(), proxy);
    QVERIFY(!reveal->isVisible());
}

void ChannelDialogTest::hidesSecretsOfTheBody()
{
    domain::Channel channel = addChannel(u"Body"_s, {"sk-one-0123456789abcdef-aaaa"});
    channel.bodyOverrides = {{u"api_key"_s, u"canary"_s}, {u"temperature"_s, 0.5}};
    open(channel);

    auto *body = field<QPlainTextEdit>(u"Body"_s);
    QVERIFY(!body->toPlainText().contains(u"canary"_s));
    QVERIFY(body->toPlainText().contains(u"\"***\""_s));
    QCOMPARE(m_dialog->channel().bodyOverrides, channel.bodyOverrides);

    body->setPlainText(uR"({"api_key":"***","temperature":0.7})"_s);
    QCOMPARE(m_dialog->channel().bodyOverrides,
             (QJsonObject{{u"api_key"_s, u"canary"_s}, {u"temperature"_s, 0.7}}));
    body->setPlainText(uR"({"api_key":"another"})"_s);
    QCOMPARE(m_dialog->channel().bodyOverrides, (QJsonObject{{u"api_key"_s, u"another"_s}}));
}

void ChannelDialogTest::makesAGroupThatThereIsNot()
{
    open();
    auto *groups = field<TagEdit>(u"Groups"_s);
    QVERIFY(groups);
    QVERIFY(!button(u"Make group"_s)->isVisible());

    groups->setTags({u"default"_s, u"cousins"_s});
    emit groups->tagsChanged();

    QTRY_VERIFY(button(u"Make group"_s)->isVisible());
    QVERIFY(says(u"cousins"_s));
    click(u"Make group"_s);
    QTRY_VERIFY(!button(u"Make group"_s)->isVisible());
    QVERIFY(says(u"No user is in the group"_s));
    const auto made = m_fixture->wait(m_fixture->administration().groups.list());
    QVERIFY(std::any_of(made.begin(), made.end(), [](const domain::Group &group) {
        return group == domain::Group{.name = "cousins"};
    }));
}

void ChannelDialogTest::choosesModels()
{
    ChannelModelSheet sheet({u"alpha"_s, u"beta"_s, u"gamma"_s}, {u"beta"_s});
    QSignalSpy confirmed(&sheet, &ChannelModelSheet::confirmed);
    sheet.open();

    auto *search = sheet.findChild<QLineEdit *>();
    QTest::keyClicks(search, u"delta"_s);
    QTest::keyClick(search, Qt::Key_Return);

    QCOMPARE(sheet.chosen(), (QStringList{u"beta"_s, u"delta"_s}));
    QVERIFY(confirmed.isEmpty()); // Enter adds and does not close
    QCOMPARE(tests::accessibilityProblems(&sheet), QStringList());
}

void ChannelDialogTest::ordersModelsAsPeopleDo()
{
    ChannelModelSheet sheet({u"gpt-10"_s, u"claude"_s, u"GPT-5"_s}, {u"gpt-4"_s});

    const QAbstractItemModel *rows = sheet.findChild<QListView *>()->model();
    QStringList shown;
    for (int row = 0; row < rows->rowCount(); ++row)
        shown.append(rows->index(row, 0).data().toString());
    QCOMPARE(shown, QStringList({u"claude"_s, u"gpt-4"_s, u"GPT-5"_s, u"gpt-10"_s}));
}

void ChannelDialogTest::searchesTheGallery()
{
    open();
    auto *gallery = m_dialog->findChild<SearchableList *>();
    auto *search = gallery->findChild<QLineEdit *>();
    search->setFocus();

    QTest::keyClicks(search, u"deepse"_s);
    QTest::keyClick(search, Qt::Key_Return);

    QTRY_COMPARE(choiceFrom(gallery->currentId()).type, 36);
    QCOMPARE(m_dialog->channel().type, 36);
    QCOMPARE(m_dialog->channel().name, u"DeepSeek"_s);
}

void ChannelDialogTest::keysKeepTheProviderInSight()
{
    open();
    QVERIFY(QTest::qWaitForWindowActive(m_dialog.get()));
    auto *gallery = m_dialog->findChild<SearchableList *>();
    const auto *list = gallery->findChild<QListView *>();
    auto *search = gallery->findChild<QLineEdit *>();
    search->setFocus();
    QCOMPARE(list->verticalScrollMode(), QAbstractItemView::ScrollPerPixel);
    const auto isInSight = [list] {
        return list->viewport()->rect().contains(list->visualRect(list->currentIndex()));
    };

    for (int i = 0; i < 40; ++i) {
        QTest::keyClick(search, Qt::Key_Down);
        QVERIFY2(isInSight(), qPrintable(gallery->currentId()));
    }
    for (int i = 0; i < 80; ++i) {
        QTest::keyClick(search, Qt::Key_Up);
        QVERIFY2(isInSight(), qPrintable(gallery->currentId()));
    }
    QVERIFY(list->visualRect(list->model()->index(0, 0)).top() >= 0); // its heading, too
}

// By a search that hides the present one, or by the arrow keys.
void ChannelDialogTest::passingOverProvidersChoosesNone()
{
    open();
    QVERIFY(QTest::qWaitForWindowActive(m_dialog.get()));
    auto *gallery = m_dialog->findChild<SearchableList *>();
    auto *search = gallery->findChild<QLineEdit *>();
    auto *url = field<QLineEdit>(u"Address"_s);
    type(u"Address"_s, u"https://proxy.example.com"_s);
    search->setFocus();

    QTest::keyClicks(search, u"deepse"_s);
    QCOMPARE(choiceFrom(gallery->currentId()).type, 36);
    QCOMPARE(m_dialog->channel().type, provider::openAi);
    QCOMPARE(url->text(), u"https://proxy.example.com"_s);
    QTest::keyClick(search, Qt::Key_Escape);
    QCOMPARE(choiceFrom(gallery->currentId()).type, provider::openAi);
    QTest::keyClick(search, Qt::Key_Down);
    QTest::keyClick(search, Qt::Key_Down);
    QVERIFY(choiceFrom(gallery->currentId()).type != provider::openAi);
    QCOMPARE(m_dialog->channel().type, provider::openAi);
    QCOMPARE(url->text(), u"https://proxy.example.com"_s);

    url->setFocus();
    QCOMPARE(choiceFrom(gallery->currentId()).type, provider::openAi);
}

void ChannelDialogTest::keepsTheAddressOfEachProvider()
{
    open();
    auto *gallery = m_dialog->findChild<SearchableList *>();
    auto *url = field<QLineEdit>(u"Address"_s);
    type(u"Address"_s, u"https://proxy.example.com"_s);

    emit gallery->chosen(choiceId({.type = 36}));
    QCOMPARE(url->text(), QString());
    emit gallery->chosen(choiceId({.type = provider::openAi}));

    QCOMPARE(url->text(), u"https://proxy.example.com"_s);
}

void ChannelDialogTest::closesAtOnceWhenNothingWasChanged()
{
    open();
    auto *gallery = m_dialog->findChild<SearchableList *>();
    emit gallery->chosen(choiceId({.type = provider::anthropic}));

    QTest::keyClick(m_dialog.get(), Qt::Key_Escape);

    QVERIFY(!m_dialog->findChild<Confirmation *>());
    QVERIFY(!m_dialog->isVisible());

    open(addChannel(u"Looked at"_s, {"sk-one-0123456789abcdef-aaaa"}));
    click(u"Cancel"_s);
    QVERIFY(!m_dialog->isVisible());
}

void ChannelDialogTest::asksBeforeTypedKeysAreLost()
{
    open();
    keys()->field()->setFocus();
    QTest::keyClicks(keys()->field(), u"sk-typed-0123456789abcdef"_s);

    QTest::keyClick(m_dialog.get(), Qt::Key_Escape);

    QPointer<Confirmation> question = m_dialog->findChild<Confirmation *>();
    QVERIFY(question && question->isVisible());
    QVERIFY(m_dialog->isVisible());
    QVERIFY(tests::button<QPushButton>(question, u"Keep editing"_s)->isDefault());
    QTest::keyClick(question, Qt::Key_Return);
    QTRY_VERIFY(!question);
    QVERIFY(m_dialog->isVisible());
    QCOMPARE(keys()->typed().size(), 1);

    m_dialog->close(); // as the frame of the window does
    QVERIFY(m_dialog->isVisible());
    question = m_dialog->findChild<Confirmation *>();
    QVERIFY(question);
    QTest::mouseClick(tests::button<QPushButton>(question, u"Discard"_s), Qt::LeftButton);
    QTRY_VERIFY(!m_dialog->isVisible());
    QVERIFY(!m_saved);
}

void ChannelDialogTest::asksBeforeAnEditIsLost()
{
    open(addChannel(u"Edited"_s, {"sk-one-0123456789abcdef-aaaa"}));
    keys()->findChild<TableView *>()->selectSourceRow(0);
    click(u"Remove"_s);

    click(u"Cancel"_s);

    QVERIFY(m_dialog->isVisible());
    QVERIFY(m_dialog->findChild<Confirmation *>());
}

void ChannelDialogTest::isAccessible()
{
    open(addChannel(u"Walked"_s, {"sk-one-0123456789abcdef-aaaa"}));
    m_dialog->resize(900, 2000);
    const auto tools = m_dialog->findChildren<QToolButton *>();
    for (QToolButton *tool : tools) {
        if (tool->text() == u"Advanced"_s)
            tool->setChecked(true);
    }

    QCOMPARE(tests::accessibilityProblems(m_dialog.get()), QStringList());
}

QTEST_MAIN(ChannelDialogTest)
#include "tst_channeldialog.moc"
