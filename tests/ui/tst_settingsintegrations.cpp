#include "admin/administration.h"
#include "preferences/settingeditor.h"
#include "preferences/settingrow.h"
#include "settings/metricsblock.h"
#include "settings/otlpblock.h"
#include "settings/settingspage.h"
#include "settings/webhookblock.h"
#include "theme/theme.h"
#include "ui/windowfixture.h"
#include "widgets/fields/secretfield.h"
#include "widgets/fields/shownsecret.h"

#include <QApplication>
#include <QLabel>
#include <QPushButton>
#include <QTest>

using namespace Qt::StringLiterals;

using namespace gatehouse;
using namespace gatehouse::ui;
using admin::IntegrationSecret;

// What other programs are given: the token of the metrics, the webhook and traces.
class SettingsIntegrationsTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void cleanup();
    void aTokenIsShownOnce();
    void aSecretIsStoredAndNotShown();
    void aTestNeedsAnAddressAndSaysWhatCameOfIt();
    void headersAreStoredAndNotShown();
    void aTraceNeedsAnAddressAndSaysWhatCameOfIt();
    void aTestWaitsForWhatIsNotStored();
    void aTestOfTracesWaitsForWhatIsNotStored();
    void enterStoresASecret();
    void tabGoesDownThePage();

private:
    template<typename Block>
    Block *block()
    {
        return m_page->findChild<Block *>();
    }
    static QPushButton *button(QWidget *within, const QString &text)
    {
        for (QPushButton *each : within->findChildren<QPushButton *>()) {
            if (each->text() == text)
                return each;
        }
        return nullptr;
    }
    static const QLabel *labelOf(QWidget *within, const QString &words)
    {
        for (const QLabel *label : within->findChildren<QLabel *>()) {
            if (label->text().contains(words))
                return label;
        }
        return nullptr;
    }
    static bool shows(QWidget *within, const QString &words)
    {
        return labelOf(within, words) != nullptr;
    }
    QWidget *addressField(const QString &key)
    {
        const auto *row = m_page->findChild<SettingRow *>(key);
        return row ? row->editor()->control() : nullptr;
    }
    void testWaits(QWidget *within, const QString &key, const QString &hint);
    base::Secret secret(IntegrationSecret which)
    {
        return m_fixture->administration().integrationSecrets.value(which);
    }

    std::unique_ptr<support::WindowFixture> m_fixture;
    std::shared_ptr<SettingsStore> m_store;
    std::unique_ptr<SettingsPage> m_page;
};

void SettingsIntegrationsTest::initTestCase()
{
    m_fixture = std::make_unique<support::WindowFixture>();
    QVERIFY(m_fixture->start());
}

void SettingsIntegrationsTest::init()
{
    m_store = std::make_shared<SettingsStore>(m_fixture->services(), SettingsHooks{});
    m_page = std::make_unique<SettingsPage>(m_fixture->services(), m_store);
    m_page->resize(1000, 800);
    m_page->showPane(u"integrations"_s);
    m_page->show();
    QVERIFY(QTest::qWaitForWindowActive(m_page.get()));
    m_page->setActive(true);
}

void SettingsIntegrationsTest::cleanup()
{
    m_page.reset();
    m_store.reset();
}

void SettingsIntegrationsTest::aTokenIsShownOnce()
{
    auto *metrics = block<MetricsBlock>();
    QVERIFY(metrics);
    auto *shown = metrics->findChild<ShownSecret *>();
    QVERIFY(!shown->isVisible());

    QTest::mouseClick(button(metrics, u"Make a token"_s), Qt::LeftButton);

    QTRY_VERIFY(shown->isVisible());
    QCOMPARE(shown->text().toUtf8(), secret(IntegrationSecret::MetricsToken).reveal());
    QVERIFY(shown->text().size() >= 32);
    cleanup();
    init();
    metrics = block<MetricsBlock>();
    QVERIFY(!metrics->findChild<ShownSecret *>()->isVisible());
    QVERIFY(button(metrics, u"Make a new token…"_s));
}

void SettingsIntegrationsTest::aSecretIsStoredAndNotShown()
{
    auto *webhook = block<WebhookBlock>();
    QVERIFY(webhook);
    auto *field = webhook->findChild<SecretField *>();
    QVERIFY(!button(webhook, u"Save"_s)->isEnabled());

    field->setText(u"between-us"_s);
    QTest::mouseClick(button(webhook, u"Save"_s), Qt::LeftButton);

    QTRY_COMPARE(secret(IntegrationSecret::WebhookSecret).reveal(), QByteArray("between-us"));
    QTRY_VERIFY(field->text().isEmpty());
    QVERIFY(field->hasFocus());
    QVERIFY(shows(webhook, u"Each message is signed"_s));
    QTest::mouseClick(button(webhook, u"Remove"_s), Qt::LeftButton);
    QTRY_VERIFY(secret(IntegrationSecret::WebhookSecret).isEmpty());
    QTRY_VERIFY(!button(webhook, u"Remove"_s)->isEnabled());
    QVERIFY(field->hasFocus());
}

void SettingsIntegrationsTest::aTestNeedsAnAddressAndSaysWhatCameOfIt()
{
    auto *webhook = block<WebhookBlock>();
    QVERIFY(!button(webhook, u"Send a test"_s)->isEnabled());

    // Nobody listens there.
    m_fixture->waitFor(m_fixture->administration().settings.set(u"integrations.webhook_url"_s,
                                                                u"http://127.0.0.1:9/hook"_s));
    QTRY_VERIFY(button(webhook, u"Send a test"_s)->isEnabled());
    QTest::mouseClick(button(webhook, u"Send a test"_s), Qt::LeftButton);

    QVERIFY(button(webhook, u"Send a test"_s)->hasFocus());
    QTRY_VERIFY_WITH_TIMEOUT(shows(webhook, u"Nothing takes connections at 127.0.0.1"_s), 20'000);
    const QLabel *failure = labelOf(webhook, u"Nothing takes connections at 127.0.0.1"_s);
    QCOMPARE(failure->text().count(u"127.0.0.1"_s), 1);
    QCOMPARE(failure->palette().color(QPalette::Active, QPalette::WindowText),
             Theme::current().failure.text);
    QVERIFY(button(webhook, u"Send a test"_s)->isEnabled());
    QVERIFY(button(webhook, u"Send a test"_s)->hasFocus());
    m_fixture->waitFor(m_fixture->administration().settings.reset(u"integrations.webhook_url"_s));
}

void SettingsIntegrationsTest::headersAreStoredAndNotShown()
{
    auto *otlp = block<OtlpBlock>();
    QVERIFY(otlp);
    auto *field = otlp->findChild<SecretField *>();
    QVERIFY(!button(otlp, u"Save"_s)->isEnabled());

    field->setText(u"no header"_s);
    QTest::mouseClick(button(otlp, u"Save"_s), Qt::LeftButton);
    QTRY_VERIFY(shows(m_page.get(), u"Write headers as name=value"_s));
    QCOMPARE(field->text(), u"no header"_s);
    field->setText(u"x-api-key=between-us"_s);
    QTest::mouseClick(button(otlp, u"Save"_s), Qt::LeftButton);

    QTRY_COMPARE(secret(IntegrationSecret::OtlpHeaders).reveal(),
                 QByteArray("x-api-key=between-us"));
    QTRY_VERIFY(field->text().isEmpty());
    QVERIFY(shows(otlp, u"They are sent with all traces"_s));
    QTest::mouseClick(button(otlp, u"Remove"_s), Qt::LeftButton);
    QTRY_VERIFY(secret(IntegrationSecret::OtlpHeaders).isEmpty());
}

void SettingsIntegrationsTest::aTraceNeedsAnAddressAndSaysWhatCameOfIt()
{
    auto *otlp = block<OtlpBlock>();
    QVERIFY(!button(otlp, u"Send a test"_s)->isEnabled());

    // Nobody listens there.
    m_fixture->waitFor(m_fixture->administration().settings.set(u"integrations.otlp_endpoint"_s,
                                                                u"http://127.0.0.1:9"_s));
    QTRY_VERIFY(button(otlp, u"Send a test"_s)->isEnabled());
    QTest::mouseClick(button(otlp, u"Send a test"_s), Qt::LeftButton);

    QVERIFY(button(otlp, u"Send a test"_s)->hasFocus());
    QTRY_VERIFY_WITH_TIMEOUT(shows(otlp, u"Nothing takes connections at 127.0.0.1"_s), 20'000);
    const QLabel *failure = labelOf(otlp, u"Nothing takes connections at 127.0.0.1"_s);
    QCOMPARE(failure->text().count(u"127.0.0.1"_s), 1);
    QCOMPARE(failure->palette().color(QPalette::Active, QPalette::WindowText),
             Theme::current().failure.text);
    QVERIFY(button(otlp, u"Send a test"_s)->isEnabled());
    QVERIFY(button(otlp, u"Send a test"_s)->hasFocus());
    m_fixture->waitFor(m_fixture->administration().settings.reset(u"integrations.otlp_endpoint"_s));
}

// An address is stored; what is entered in the place of it, and a secret beside it, are not.
void SettingsIntegrationsTest::testWaits(QWidget *within, const QString &key, const QString &hint)
{
    m_fixture->waitFor(m_fixture->administration().settings.set(key, u"http://127.0.0.1:9/"_s));
    QPushButton *test = button(within, u"Send a test"_s);
    QTRY_VERIFY(test->isEnabled());
    auto *address = qobject_cast<QLineEdit *>(addressField(key));
    QVERIFY(address);
    QTRY_COMPARE(address->text(), u"http://127.0.0.1:9/"_s);

    address->setFocus();
    address->selectAll();
    QTest::keyClicks(address, u"gopher://nowhere"_s);
    QVERIFY(!test->isEnabled());
    QVERIFY(shows(within, u"is not stored"_s));
    QTest::keyClick(address, Qt::Key_Return);
    const auto *row = m_page->findChild<SettingRow *>(key);
    QTRY_VERIFY(!row->error().isEmpty());
    QVERIFY(!test->isEnabled());
    QTest::keyClick(address, Qt::Key_Escape);
    QVERIFY(test->isEnabled());
    QVERIFY(!shows(within, u"is not stored"_s));

    auto *field = within->findChild<SecretField *>();
    field->setText(u"x-api-key=between-us"_s);
    QVERIFY(!test->isEnabled());
    QVERIFY(shows(within, hint));
    field->clear();
    QVERIFY(test->isEnabled());
    QVERIFY(!shows(within, hint));
    m_fixture->waitFor(m_fixture->administration().settings.reset(key));
}

void SettingsIntegrationsTest::aTestWaitsForWhatIsNotStored()
{
    testWaits(block<WebhookBlock>(), u"integrations.webhook_url"_s, u"Save the secret first."_s);
}

void SettingsIntegrationsTest::aTestOfTracesWaitsForWhatIsNotStored()
{
    testWaits(block<OtlpBlock>(), u"integrations.otlp_endpoint"_s, u"Save the headers first."_s);
}

void SettingsIntegrationsTest::enterStoresASecret()
{
    auto *field = block<WebhookBlock>()->findChild<SecretField *>();
    field->setFocus();
    QTest::keyClicks(field, u"between-us"_s);

    QTest::keyClick(field, Qt::Key_Return);

    QTRY_COMPARE(secret(IntegrationSecret::WebhookSecret).reveal(), QByteArray("between-us"));
    QTRY_VERIFY(field->text().isEmpty());
    QVERIFY(field->hasFocus());
    m_fixture->waitFor(m_fixture->administration().integrationSecrets.store(
        IntegrationSecret::WebhookSecret, base::Secret()));
}

void SettingsIntegrationsTest::tabGoesDownThePage()
{
    const QString key = u"integrations.webhook_url"_s;
    m_fixture->waitFor(m_fixture->administration().settings.set(key, u"http://127.0.0.1:9/"_s));
    auto *webhook = block<WebhookBlock>();
    QWidget *secretField = webhook->findChild<SecretField *>();
    QWidget *test = button(webhook, u"Send a test"_s);
    QTRY_VERIFY(test->isEnabled());
    const auto tab = [] { QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab); };

    addressField(key)->setFocus();
    tab();
    QCOMPARE(QApplication::focusWidget()->objectName(), u"reset"_s);
    tab();
    QCOMPARE(QApplication::focusWidget(), secretField);
    tab();
    QCOMPARE(QApplication::focusWidget(), test);

    // From the block above the page goes on with the next heading.
    auto *otlp = block<OtlpBlock>();
    QWidget *headers = otlp->findChild<SecretField *>();
    addressField(u"integrations.otlp_service_name"_s)->setFocus();
    tab();
    QCOMPARE(QApplication::focusWidget(), headers);
    tab();
    QCOMPARE(QApplication::focusWidget(), addressField(key));
    m_fixture->waitFor(m_fixture->administration().settings.reset(key));
}

QTEST_MAIN(SettingsIntegrationsTest)
#include "tst_settingsintegrations.moc"
