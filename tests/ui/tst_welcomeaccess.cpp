#include "admin/administration.h"
#include "ui/welcomefixture.h"
#include "ui/windowfixture.h"
#include "wizard/setup.h"

#include <QApplication>
#include <QCheckBox>
#include <QLabel>
#include <QRadioButton>
#include <QTest>

#include <algorithm>

using namespace Qt::StringLiterals;

using namespace gatehouse;
using namespace gatehouse::ui;

// What the first run asks of who may reach the gateway, and with which password.
class WelcomeAccessTest : public tests::WelcomeFixture
{
    Q_OBJECT

private slots:
    void whatTheStartDecidesIsNotOffered();
    void encryptionThatTheStartDecidesIsNotOffered_data();
    void encryptionThatTheStartDecidesIsNotOffered();
    void nothingIsOpenedWithoutTheEncryption();
    void rootsPasswordIsSet();
    void rootsPasswordMayHaveBeenSetElsewhere();
    void passwordsThatDifferKeepOneHere();
    void easilyGuessedPasswordsKeepOneHere();

private:
    bool shows(const QString &words) const
    {
        const auto labels = m_welcome->findChildren<QLabel *>();
        return std::any_of(labels.begin(), labels.end(), [&words](const QLabel *label) {
            return label->isVisible() && label->text().contains(words);
        });
    }
};

// The fixture says where this start listens: what is stored would have no effect.
void WelcomeAccessTest::whatTheStartDecidesIsNotOffered()
{
    open();
    goTo(2);
    int radios = 0;
    for (const QRadioButton *each : m_welcome->findChildren<QRadioButton *>()) {
        if (each->isVisible()) {
            QVERIFY(!each->isEnabled());
            ++radios;
        }
    }
    QCOMPARE(radios, 2);

    goOn();

    QCOMPARE(m_fixture->administration().settings.current().server.tlsMode,
             domain::TlsMode::OwnCertificate);
}

void WelcomeAccessTest::encryptionThatTheStartDecidesIsNotOffered_data()
{
    QTest::addColumn<QString>("mode");
    QTest::addColumn<bool>("encrypts");

    QTest::newRow("off") << u"off"_s << false;
    QTest::newRow("a certificate that there is not") << u"own"_s << false;
    QTest::newRow("a local authority") << u"local"_s << true;
}

void WelcomeAccessTest::encryptionThatTheStartDecidesIsNotOffered()
{
    QFETCH(QString, mode);
    QFETCH(bool, encrypts);
    m_fixture = std::make_unique<support::WindowFixture>(
        support::WindowFixture::Given{.environment = {{u"GATEHOUSE_SERVER_TLS"_s, mode}},
                                      .stored = {{u"server.listen"_s, u"127.0.0.1:0"_s}}});
    QVERIFY(m_fixture->start());
    open();
    goTo(2);
    for (QRadioButton *each : m_welcome->findChildren<QRadioButton *>()) {
        if (each->isVisible() && each->text().startsWith("Other computers"_L1))
            each->click();
    }

    const QCheckBox *https = nullptr;
    for (const QCheckBox *each : m_welcome->findChildren<QCheckBox *>()) {
        if (each->text() == "Encrypt with HTTPS"_L1)
            https = each;
    }
    QVERIFY(https && https->isVisible());
    QVERIFY(!https->isEnabled());
    QCOMPARE(https->isChecked(), encrypts);
    bool isTold = false;
    for (const QLabel *each : m_welcome->findChildren<QLabel *>()) {
        isTold = isTold
                 || (each->isVisible() && each->text().contains("GATEHOUSE_SERVER_TLS"_L1)
                     && each->text().contains("in the clear"_L1) != encrypts);
    }
    QVERIFY(isTold);
}

void WelcomeAccessTest::nothingIsOpenedWithoutTheEncryption()
{
    m_fixture = std::make_unique<support::WindowFixture>(
        support::WindowFixture::Given{.environment = {{u"GATEHOUSE_SERVER_TLS"_s, u"off"_s}},
                                      .stored = {{u"server.listen"_s, u"127.0.0.1:0"_s}}});
    QVERIFY(m_fixture->start());
    Setup setup(m_fixture->services());
    std::optional<SetupOutcome> outcome;
    connect(
        &setup, &Setup::finished, this, [&outcome](const SetupOutcome &made) { outcome = made; });

    setup.apply({.listen = u"*:0"_s, .tls = u"local"_s, .tokenName = u"t"_s});

    QTRY_VERIFY_WITH_TIMEOUT(outcome, 20'000);
    const auto listen = m_fixture->administration().settings.find(u"server.listen"_s);
    QCOMPARE(listen->value, u"127.0.0.1:0"_s);
    QCOMPARE(outcome->problems.size(), 2);
    QVERIFY(outcome->problems.front().contains("GATEHOUSE_SERVER_TLS"_L1));
    QVERIFY(outcome->token);
}

void WelcomeAccessTest::rootsPasswordIsSet()
{
    open();
    goTo(2);
    QVERIFY(shows(u"Until you set one, nobody can sign in as root."_s));
    QTest::mouseClick(button(u"Set a password for root…"_s), Qt::LeftButton);
    QTest::keyClicks(QApplication::focusWidget(), u"correct horse"_s);
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
    QTest::keyClicks(QApplication::focusWidget(), u"correct horse"_s);

    goOn();

    const auto session = m_fixture->administration().sessions.signIn(
        u"root"_s, base::Secret(u"correct horse"_s), QHostAddress(QHostAddress::LocalHost));
    QVERIFY(QTest::qWaitFor([&session] { return session.isFinished(); }, 20'000));
    QVERIFY(session.result());
    open({}, {}, {}, true);
    goTo(2);
    QVERIFY(shows(u"Root has one"_s));
}

// By a command, or by a variable when there was no window.
void WelcomeAccessTest::rootsPasswordMayHaveBeenSetElsewhere()
{
    open({}, {}, {}, true);
    goTo(2);

    QVERIFY(shows(u"Unless one was set before"_s));
}

void WelcomeAccessTest::passwordsThatDifferKeepOneHere()
{
    open();
    goTo(2);
    QTest::mouseClick(button(u"Set a password for root…"_s), Qt::LeftButton);
    QTest::keyClicks(QApplication::focusWidget(), u"correct horse"_s);
    QVERIFY(!button(u"Set up"_s)->isEnabled());
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
    QTest::keyClicks(QApplication::focusWidget(), u"battery staple"_s);

    QVERIFY(!button(u"Set up"_s)->isEnabled());
    QTest::keyClick(m_welcome.get(), Qt::Key_Return);
    QCOMPARE(m_welcome->step(), 2);
}

void WelcomeAccessTest::easilyGuessedPasswordsKeepOneHere()
{
    open();
    goTo(2);
    QTest::mouseClick(button(u"Set a password for root…"_s), Qt::LeftButton);
    const auto type = [](const QString &password) {
        QApplication::focusWidget()->setProperty("text", QString());
        QTest::keyClicks(QApplication::focusWidget(), password);
    };
    const QStringList weak{u"seven77"_s, u"aaaaaaaaaa"_s, QString(129, u'p') % u"qrs"_s};
    for (const QString &password : weak) {
        type(password);
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
        type(password);
        QVERIFY2(!button(u"Set up"_s)->isEnabled(), qPrintable(password));
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab, Qt::ShiftModifier);
    }
    type(u"correct horse"_s);
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
    type(u"correct horse"_s);
    QVERIFY(button(u"Set up"_s)->isEnabled());
}

QTEST_MAIN(WelcomeAccessTest)
#include "tst_welcomeaccess.moc"
