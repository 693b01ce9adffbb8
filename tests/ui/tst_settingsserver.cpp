#include "admin/administration.h"
#include "admin/gateway/gatewaycontrol.h"
#include "frame/gatewayactions.h"
#include "preferences/settingeditor.h"
#include "preferences/settingrow.h"
#include "settings/addresslist.h"
#include "settings/consequencebox.h"
#include "settings/lansheet.h"
#include "settings/restartbar.h"
#include "settings/settingspage.h"
#include "ui/accessibilitywalk.h"
#include "ui/find.h"
#include "ui/windowfixture.h"
#include "widgets/gatewayproblembar.h"
#include "widgets/messagebar.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFileDialog>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QRadioButton>
#include <QSslCertificate>
#include <QTcpServer>
#include <QTest>

#include <algorithm>

using namespace Qt::StringLiterals;

using namespace gatehouse;
using namespace gatehouse::ui;

// Who may connect, HTTPS, and what waits for a restart of the listener.
class SettingsServerTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void cleanup();
    void storesWhatWaitsForARestart();
    void discardsWhatWaits();
    void keepsWhatWaitsWithoutThePage();
    void aRestartFromElsewhereAppliesWhatWaits();
    void leavesEverythingWhenTheSheetIsCancelled();
    void asksBeforeAddressesOfOnesOwnLetOthersIn();
    void refusesAddressesThatAreNone();
    void changesThePort();
    void tellsOfAPortThatIsTaken();
    void saysWhetherThePortIsFree();
    void theSheetIsReadFromTopToBottom();
    void opensToTheNetworkWithHttps();
    void exportsTheCertificate();
    void theSheetIsAccessible();

private:
    SettingRow *listen() { return m_page->findChild<SettingRow *>(u"server.listen"_s); }
    QRadioButton *reach(int which) { return listen()->findChildren<QRadioButton *>().at(which); }
    RestartBar *bar() { return m_page->findChild<RestartBar *>(); }
    QPushButton *barButton(const QString &text)
    {
        for (QPushButton *button : bar()->findChildren<QPushButton *>()) {
            if (button->text().contains(text))
                return button;
        }
        return nullptr;
    }
    LanSheet *sheet() { return m_page->findChild<LanSheet *>(); }
    QString stored(const QString &key)
    {
        return m_fixture->administration().settings.find(key)->value;
    }
    QString waiting(const QString &key) { return m_store->waiting().value(key); }
    static void press(QWidget *dialog, const QString &text)
    {
        for (QPushButton *button : dialog->findChildren<QPushButton *>()) {
            if (button->text().contains(text))
                return QTest::mouseClick(button, Qt::LeftButton);
        }
        QFAIL("There is no such button.");
    }
    void click(QRadioButton *button)
    {
        QTest::mouseClick(button, Qt::LeftButton, {}, QPoint(8, button->height() / 2));
    }

    std::unique_ptr<support::WindowFixture> m_fixture;
    std::shared_ptr<SettingsStore> m_store;
    std::unique_ptr<SettingsPage> m_page;
};

void SettingsServerTest::initTestCase()
{
    m_fixture = std::make_unique<support::WindowFixture>(
        support::WindowFixture::Given{.stored = {{u"server.listen"_s, u"127.0.0.1:0"_s}}});
    QVERIFY(m_fixture->start());
    QVERIFY(m_fixture->url().startsWith(u"http://127.0.0.1:"_s));
}

void SettingsServerTest::init()
{
    m_store = std::make_shared<SettingsStore>(m_fixture->services(), SettingsHooks{});
    m_page = std::make_unique<SettingsPage>(m_fixture->services(), m_store);
    m_page->resize(1000, 800);
    m_page->showPane(u"server"_s);
    m_page->show();
    QVERIFY(QTest::qWaitForWindowActive(m_page.get()));
    m_page->setActive(true);
}

void SettingsServerTest::cleanup()
{
    QTRY_VERIFY(
        !m_fixture->application().gateway().needsRestart()); // what was taken back is stored
    m_page.reset();
    m_store.reset();
}

void SettingsServerTest::storesWhatWaitsForARestart()
{
    QVERIFY(!bar()->isVisible());
    auto *box = m_page->findChild<SettingRow *>(u"server.tls"_s)->findChild<QComboBox *>();
    box->setFocus();
    QTest::keyClick(box, Qt::Key_End);

    QTRY_VERIFY(bar()->isVisible());
    QCOMPARE(waiting(u"server.tls"_s), u"local"_s);
    QTRY_COMPARE(stored(u"server.tls"_s), u"local"_s); // nor does it get lost with the program
    QVERIFY(m_fixture->url().startsWith(u"http://"_s));
    QVERIFY(m_page->findChild<SettingRow *>(u"server.tls"_s)->isModified());
    const auto *file = m_page->findChild<SettingRow *>(u"server.tls_certificate"_s);
    QVERIFY(!file->editor()->isEnabled()); // the authority makes it

    // Back by hand is as if nothing had been.
    QTest::keyClick(box, Qt::Key_Up);
    QTRY_VERIFY(!bar()->isVisible());
    QVERIFY(file->editor()->isEnabled());
}

void SettingsServerTest::discardsWhatWaits()
{
    m_store->set(u"server.threads"_s, u"3"_s);
    m_store->set(u"server.max_connections"_s, u"100"_s);
    QTRY_VERIFY(bar()->isVisible());
    QTRY_COMPARE(stored(u"server.max_connections"_s), u"100"_s);
    QVERIFY(bar()->findChild<QLabel *>());

    QTest::mouseClick(barButton(u"Discard"_s), Qt::LeftButton);

    QVERIFY(m_store->waiting().isEmpty());
    QTRY_COMPARE(stored(u"server.threads"_s), u"0"_s);
    QTRY_VERIFY(!bar()->isVisible());
}

void SettingsServerTest::keepsWhatWaitsWithoutThePage()
{
    m_store->set(u"server.threads"_s, u"3"_s);
    m_page.reset();

    m_page = std::make_unique<SettingsPage>(m_fixture->services(), m_store);
    m_page->show();

    QVERIFY(bar()->isVisible());
    QTRY_COMPARE(stored(u"server.threads"_s), u"3"_s);
    m_store->restoreFormer();
    QTRY_COMPARE(stored(u"server.threads"_s), u"0"_s);
}

void SettingsServerTest::aRestartFromElsewhereAppliesWhatWaits()
{
    const QString key = u"server.max_connections"_s;
    const QString before = stored(key);
    admin::GatewayControl &gateway = m_fixture->application().gateway();
    const GatewayActions actions(gateway, m_page.get());
    const admin::Answer<> changed = m_store->set(key, u"100"_s);
    QTRY_VERIFY(changed.isFinished());
    QTRY_VERIFY(gateway.needsRestart());

    actions.restart()->trigger();

    QTRY_COMPARE(gateway.state(), admin::GatewayState::Running);
    QTRY_VERIFY(!bar()->isVisible());
    QVERIFY(m_store->waiting().isEmpty());
    QCOMPARE(stored(key), u"100"_s);
    const admin::Answer<> restored = m_store->set(key, before);
    QTRY_VERIFY(restored.isFinished());
    QTRY_VERIFY(gateway.needsRestart());
    gateway.restart();
    QTRY_VERIFY(!bar()->isVisible());
}

void SettingsServerTest::leavesEverythingWhenTheSheetIsCancelled()
{
    click(reach(1));
    QTRY_VERIFY(sheet());
    QVERIFY(sheet()->findChild<QCheckBox *>()->isChecked()); // HTTPS is offered, and recommended

    press(sheet(), u"Cancel"_s);

    QTRY_VERIFY(!sheet());
    QVERIFY(reach(0)->isChecked());
    QVERIFY(m_store->waiting().isEmpty());
    QVERIFY(!bar()->isVisible());
}

void SettingsServerTest::asksBeforeAddressesOfOnesOwnLetOthersIn()
{
    click(reach(2));
    auto *field = listen()->findChild<QLineEdit *>();
    QVERIFY(field->isVisible());
    field->selectAll();
    QTest::keyClicks(field, u"0.0.0.0:0"_s);
    QTest::keyClick(field, Qt::Key_Return);
    QTRY_VERIFY(sheet());

    sheet()->findChild<QCheckBox *>()->click();
    press(sheet(), u"Open"_s);

    QTRY_COMPARE(waiting(u"server.listen"_s), u"0.0.0.0:0"_s);
    QVERIFY(!m_store->waiting().contains(u"server.tls"_s));
    auto *box = m_page->findChild<ConsequenceBox *>();
    QTRY_VERIFY(box->isVisible());
    QTRY_COMPARE(stored(u"server.listen"_s), u"0.0.0.0:0"_s);
    m_store->restoreFormer();
    QTRY_VERIFY(!box->isVisible());
}

void SettingsServerTest::refusesAddressesThatAreNone()
{
    click(reach(2));
    auto *field = listen()->findChild<QLineEdit *>();
    field->selectAll();

    QTest::keyClicks(field, u"127.0.0.1"_s);
    QTest::keyClick(field, Qt::Key_Return);

    QVERIFY(listen()->error().contains(u"127.0.0.1"_s));
    QVERIFY(m_store->waiting().isEmpty());
    QTest::keyClick(field, Qt::Key_Escape);
    QVERIFY(reach(0)->isChecked());
}

void SettingsServerTest::changesThePort()
{
    auto *field = m_page->findChild<SettingRow *>(u"port"_s)->findChild<QLineEdit *>();
    field->setFocus();
    field->selectAll();
    QTest::keyClicks(field, u"70000"_s);
    QVERIFY(!m_page->findChild<SettingRow *>(u"port"_s)->error().isEmpty());
    field->selectAll();

    QTest::keyClicks(field, u"3456"_s);
    QTest::keyClick(field, Qt::Key_Return);

    QTRY_COMPARE(waiting(u"server.listen"_s), u"127.0.0.1:3456"_s);
    QCOMPARE(m_page->findChild<AddressList *>()->urls(), QStringList({u"http://127.0.0.1:3456"_s}));
    QVERIFY(m_fixture->url() != u"http://127.0.0.1:3456"_s); // what is true now
    QTRY_COMPARE(stored(u"server.listen"_s), u"127.0.0.1:3456"_s);
    // Only the port is another one, and there it is taken back.
    auto *port = m_page->findChild<SettingRow *>(u"port"_s);
    QTRY_VERIFY(port->isModified());
    QVERIFY(!listen()->isModified());
    const QString standard =
        m_fixture->administration().settings.find(u"server.listen"_s)->defaultValue;
    QTest::mouseClick(port->findChild<QPushButton *>(u"reset"_s), Qt::LeftButton);
    QTRY_COMPARE(stored(u"server.listen"_s), standard);
    QTRY_VERIFY(!port->isModified());
    m_store->restoreFormer();
}

void SettingsServerTest::tellsOfAPortThatIsTaken()
{
    QTcpServer other;
    QVERIFY(other.listen(QHostAddress::LocalHost));
    const QString before = stored(u"server.listen"_s);
    m_store->set(u"server.listen"_s, u"127.0.0.1:%1"_s.arg(other.serverPort()));

    QTest::mouseClick(barButton(u"Apply"_s), Qt::LeftButton);

    auto *messages = m_page->findChild<MessageBar *>();
    QTRY_VERIFY(messages->hasMessage(u"gateway"_s));
    const admin::GatewayControl &gateway = m_fixture->application().gateway();
    QVERIFY(!gateway.problem()->error.message.isEmpty());
    QCOMPARE(gateway.state(), admin::GatewayState::Running); // as before
    QVERIFY(bar()->isVisible());
    GatewayProblemBar elsewhere(m_fixture->services());
    QVERIFY(elsewhere.hasMessage(u"gateway"_s));
    QVERIFY(!tests::button<QPushButton>(&elsewhere, u"Choose another…"_s));
    bool isLed = false;
    elsewhere.setChoice([&isLed] { isLed = true; });
    press(&elsewhere, u"Choose another…"_s);
    QVERIFY(isLed);
    m_page->showPane(u"cache"_s);
    press(messages, u"Choose another…"_s);
    QTRY_VERIFY(listen()->isVisible());
    QVERIFY(listen()->isAncestorOf(m_page->focusWidget()));
    press(messages, u"Go back"_s);
    QTRY_COMPARE(stored(u"server.listen"_s), before);
    QTRY_VERIFY(!messages->hasMessage(u"gateway"_s));
    QTRY_VERIFY(!bar()->isVisible());
    QCOMPARE(gateway.state(), admin::GatewayState::Running);
}

void SettingsServerTest::saysWhetherThePortIsFree()
{
    QTcpServer other;
    QVERIFY(other.listen(QHostAddress::LocalHost));
    auto *row = m_page->findChild<SettingRow *>(u"port"_s);
    auto *field = row->findChild<QLineEdit *>();
    auto *word = row->findChild<QLabel *>(u"portState"_s);
    QVERIFY(word->text().isEmpty());
    const QString taken = QString::number(other.serverPort());
    field->setFocus();
    field->selectAll();

    QTest::keyClicks(field, taken);
    QCOMPARE(word->text(), u"used by another program"_s);
    other.close();
    QTest::keyClick(field, Qt::Key_Backspace);
    QTest::keyClicks(field, taken.right(1));
    QCOMPARE(word->text(), u"free on all addresses"_s);

    field->selectAll();
    QTest::keyClicks(field, u"70000"_s);
    QVERIFY(word->text().isEmpty());
    QTest::keyClick(field, Qt::Key_Escape);
    m_store->restoreFormer();
}

void SettingsServerTest::theSheetIsReadFromTopToBottom()
{
    click(reach(1));
    QTRY_VERIFY(sheet() && sheet()->isVisible());
    auto *https = sheet()->findChild<QCheckBox *>();
    QVERIFY(https);
    const auto heights = [this] {
        std::vector<int> all;
        for (QWidget *each = sheet()->nextInFocusChain(); each != sheet();
             each = each->nextInFocusChain()) {
            if (each->isVisible() && (each->focusPolicy() & Qt::TabFocus) == Qt::TabFocus)
                all.push_back(each->mapTo(sheet(), each->rect().center()).y());
        }
        return all;
    };
    for (int i = 0; i < 2; ++i) {
        const std::vector<int> order = heights();
        QVERIFY(order.size() >= 4); // the help, HTTPS, an address, the buttons
        QVERIFY(std::is_sorted(order.begin(), order.end()));
        https->toggle(); // other addresses
    }
    // Enter gives the first of the buttons, wherever the focus is.
    const QPushButton *open = tests::button<QPushButton>(sheet(), u"Open to the network"_s);
    QVERIFY(open && open->isDefault());

    QTest::keyClick(sheet(), Qt::Key_Escape);
    QTRY_VERIFY(!sheet());
    QVERIFY(reach(0)->isChecked());
}

void SettingsServerTest::opensToTheNetworkWithHttps()
{
    const QString before = m_fixture->url();
    click(reach(1));
    QTRY_VERIFY(sheet());
    const QStringList urls = sheet()->findChild<AddressList *>()->urls();
    QVERIFY(!urls.isEmpty());
    // Programs of this computer go on as before, whoever else comes uses HTTPS.
    QVERIFY(urls.constFirst().startsWith(u"http://127.0.0.1:"_s));
    for (const QString &url : urls.sliced(1))
        QVERIFY2(url.startsWith(u"https:"_s), qPrintable(url));
    press(sheet(), u"Open"_s);
    QTRY_COMPARE(waiting(u"server.listen"_s), u"*:0"_s);
    QCOMPARE(waiting(u"server.tls"_s), u"local"_s);
    QCOMPARE(m_fixture->url(), before); // nothing is true yet

    QTest::mouseClick(barButton(u"Apply"_s), Qt::LeftButton);

    QTRY_VERIFY(m_fixture->url().startsWith(u"https://"_s));
    QTRY_VERIFY(m_fixture->application().gateway().addresses().front().url.startsWith(
        u"http://127.0.0.1:"_s));
    QCOMPARE(stored(u"server.listen"_s), u"*:0"_s);
    QTRY_VERIFY(!bar()->isVisible());
    QVERIFY(m_page->findChild<ConsequenceBox *>()->isVisible());
    QVERIFY(reach(1)->isChecked());
}

void SettingsServerTest::exportsTheCertificate()
{
    const auto made = m_fixture->wait(m_fixture->administration().certificates.current());
    m_page->activateWindow();
    QTRY_VERIFY([this] {
        for (QLabel *label : m_page->findChildren<QLabel *>()) {
            if (label->text().contains(u':') && label->text().size() > 90)
                return true;
        }
        return false;
    }());
    const QString target = m_fixture->directory() + u"/ca.pem"_s;

    press(m_page.get(), u"Export"_s);
    auto *dialog = m_page->findChild<QFileDialog *>();
    QVERIFY(dialog);
    dialog->selectFile(target);
    QMetaObject::invokeMethod(dialog, "accept");

    QTRY_VERIFY(QFile::exists(target));
    const QList<QSslCertificate> certificates = QSslCertificate::fromPath(target);
    QCOMPARE(certificates.size(), 1);
    QCOMPARE(QString::fromLatin1(
                 certificates.front().digest(QCryptographicHash::Sha256).toHex(':').toUpper()),
             made.authorityFingerprint);
}

void SettingsServerTest::theSheetIsAccessible()
{
    LanSheet lan(*admin::ListenChoice::from(u"*:3000"_s), false);
    lan.show();
    QVERIFY(QTest::qWaitForWindowExposed(&lan));

    const QStringList problems = tests::accessibilityProblems(&lan);

    QVERIFY2(problems.isEmpty(), qPrintable(problems.join(u'\n')));
}

QTEST_MAIN(SettingsServerTest)

#include "tst_settingsserver.moc"
