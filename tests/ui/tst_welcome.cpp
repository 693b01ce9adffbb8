#include "admin/administration.h"
#include "domain/providertype.h"
#include "support/fakeupstream.h"
#include "ui/accessibilitywalk.h"
#include "ui/find.h"
#include "ui/welcomefixture.h"
#include "ui/windowfixture.h"
#include "widgets/dialogs/questiondialog.h"
#include "widgets/fields/shownsecret.h"
#include "widgets/uistate.h"
#include "wizard/foundmodel.h"
#include "wizard/welcome.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QRadioButton>
#include <QSignalSpy>
#include <QStackedWidget>
#include <QTest>
#include <QTranslator>

using namespace Qt::StringLiterals;

using namespace gatehouse;
using namespace gatehouse::ui;
using support::FakeUpstream;
using support::jsonAnswer;
using support::ReceivedRequest;
using tests::placeOf;

namespace {

// Marks every text, so that one that stays as it was is seen.
class MarkingTranslator : public QTranslator
{
public:
    QString translate(const char *context, const char *text, const char *, int) const override
    {
        return QByteArrayView(context).startsWith("gatehouse::ui")
                   ? u"«%1»"_s.arg(QString::fromUtf8(text))
                   : QString();
    }
    bool isEmpty() const override { return false; }
};

} // namespace

// The way through the first run as a whole, and what is tried at its end.
class WelcomeTest : public tests::WelcomeFixture
{
    Q_OBJECT

private slots:
    void skippingStoresNothing();
    void escapeAsksFirst();
    void openedAgainItLeavesWhatThereIs();
    void openedAgainItShowsWhatIsChosen();
    void severalPeopleIsStored();
    void echoAnswersTheTestMessage();
    void failuresOfTheTestMessageAreTold();
    void textsFollowTheLanguage();
    void isReadFromTopToBottom();
    void isAccessible();
};

void WelcomeTest::skippingStoresNothing()
{
    open({{u"OPENAI_API_KEY"_s, u"sk-0123456789abcdef-one"_s}});
    goTo(2);
    QSignalSpy finished(m_welcome.get(), &QDialog::finished);

    QTest::mouseClick(button(u"Skip set-up"_s), Qt::LeftButton);

    QCOMPARE(finished.size(), 1);
    QVERIFY(channels().empty());
    QVERIFY(
        m_fixture->wait(m_fixture->administration().tokenManager.list(m_fixture->services().actor))
            .empty());
    QVERIFY(!m_fixture->services().state.value(u"people/mode"_s).isValid());
}

void WelcomeTest::escapeAsksFirst()
{
    open();
    goOn();
    QSignalSpy finished(m_welcome.get(), &QDialog::finished);
    const auto question = [this] { return m_welcome->findChild<QuestionDialog *>(); };

    QTest::keyClick(m_welcome.get(), Qt::Key_Escape);

    QTRY_VERIFY(question() && question()->isVisible());
    QVERIFY(m_welcome->isVisible() && finished.isEmpty());
    // Another Esc leaves everything as it is, and so does the answer that Enter gives.
    QTest::keyClick(question(), Qt::Key_Escape);
    QTRY_VERIFY(!question());
    m_welcome->close();
    QTRY_VERIFY(question());
    QTest::mouseClick(tests::button<QPushButton>(question(), u"Go on"_s), Qt::LeftButton);
    QTRY_VERIFY(!question());
    QVERIFY(m_welcome->isVisible() && finished.isEmpty());
    QCOMPARE(m_welcome->step(), 1);

    QTest::keyClick(m_welcome.get(), Qt::Key_Escape);
    QTRY_VERIFY(question());
    QTest::mouseClick(tests::button<QPushButton>(question(), u"Skip set-up"_s), Qt::LeftButton);

    QCOMPARE(finished.size(), 1);
    QVERIFY(!m_welcome->isVisible());
}

void WelcomeTest::openedAgainItLeavesWhatThereIs()
{
    const domain::Token token = m_fixture->addToken(u"mine"_s);
    m_fixture->addEchoChannel(u"Echo"_s, {u"echo"_s});
    m_fixture->services().state.setValue(u"people/mode"_s, u"several"_s);
    const QString listen = m_fixture->administration().settings.current().server.listen;
    open({{u"OPENAI_API_KEY"_s, u"sk-0123456789abcdef-one"_s}}, {}, {}, true);
    QVERIFY(radio(u"Several"_s)->isChecked());

    goTo(3);

    const auto tokens =
        m_fixture->wait(m_fixture->administration().tokenManager.list(m_fixture->services().actor));
    QCOMPARE(tokens.size(), size_t(1));
    QCOMPARE(tokens.front().token.id, token.id);
    QCOMPARE(channels().size(), size_t(1));
    QCOMPARE(m_fixture->services().state.value(u"people/mode"_s).toString(), u"several"_s);
    QCOMPARE(m_fixture->administration().settings.current().server.listen, listen);
    // There is no key to be shown or tried, but what belongs in its place is said.
    QVERIFY(m_welcome->findChild<ShownSecretLines *>()->toPlainText().contains("YOUR_TOKEN"_L1));
    QVERIFY(!button(u"Send a test message"_s));

    // Where nothing is new nobody is asked.
    open({}, {}, {}, true);
    QTest::keyClick(m_welcome.get(), Qt::Key_Escape);
    QTRY_VERIFY(!m_welcome->isVisible());
}

void WelcomeTest::openedAgainItShowsWhatIsChosen()
{
    // Addresses that no answer stands for, open and without HTTPS.
    const QString listen = u"0.0.0.0:0 127.0.0.1:0"_s;
    m_fixture = std::make_unique<support::WindowFixture>(support::WindowFixture::Given{
        .stored = {{u"server.listen"_s, listen}, {u"server.tls"_s, u"off"_s}}});
    QVERIFY(m_fixture->start());
    open({}, {}, {}, true);
    goTo(2);
    QVERIFY(radio(u"Other computers"_s)->isChecked());
    for (const QCheckBox *each : m_welcome->findChildren<QCheckBox *>())
        QVERIFY(each->text() != "Encrypt with HTTPS"_L1 || !each->isChecked());

    goOn();

    const domain::Settings::Server &server = m_fixture->administration().settings.current().server;
    QCOMPARE(server.listen, listen);
    QCOMPARE(server.tlsMode, domain::TlsMode::Off);
}

void WelcomeTest::severalPeopleIsStored()
{
    open();
    for (QRadioButton *each : m_welcome->findChildren<QRadioButton *>()) {
        if (each->text() == "Several people"_L1) {
            each->setFocus();
            QTest::keyClick(each, Qt::Key_Space);
        }
    }

    goTo(3);

    QCOMPARE(m_fixture->services().state.value(u"people/mode"_s).toString(), u"several"_s);
    const auto radios = m_welcome->findChildren<QRadioButton *>();
    QCOMPARE(
        std::count_if(radios.begin(), radios.end(), [](auto *each) { return each->isChecked(); }),
        2);                      // one of each group
    QVERIFY(!button(u"Back"_s)); // what is done is done
}

void WelcomeTest::echoAnswersTheTestMessage()
{
    open();
    goTo(3);
    const auto tokens =
        m_fixture->wait(m_fixture->administration().tokenManager.list(m_fixture->services().actor));
    QCOMPARE(tokens.size(), size_t(1));
    const base::Secret key = m_fixture->wait(m_fixture->administration().tokenManager.reveal(
        m_fixture->services().actor, tokens.front().token.id));
    bool isShown = false;
    for (const QLineEdit *field : m_welcome->findChildren<QLineEdit *>())
        isShown = isShown || field->text().toUtf8() == key.reveal();
    QVERIFY(isShown);
    const auto *lines = m_welcome->findChild<ShownSecretLines *>();
    QVERIFY(lines->toPlainText().contains(m_fixture->url()));
    QVERIFY(lines->toPlainText().contains(QString::fromLatin1(key.reveal())));

    QPushButton *send = button(u"Try it with the built-in Echo"_s);
    send->setFocus();
    QTest::keyClick(send, Qt::Key_Space);

    const auto shows = [this](const QString &text) {
        for (const QLabel *label : m_welcome->findChildren<QLabel *>()) {
            if (label->isVisible() && label->text().contains(text))
                return true;
        }
        return false;
    };
    QTRY_VERIFY_WITH_TIMEOUT(shows(u"Say hello in one short sentence."_s), 10'000);
    QCOMPARE(channels().size(), size_t(1));
    QCOMPARE(channels().front().type, domain::provider::echo);
    // It went through the gateway: the ledger has it.
    QTRY_VERIFY(!m_fixture
                     ->wait(m_fixture->administration().usage.list(
                         m_fixture->services().actor, {}, {.limit = 10}))
                     .empty());
    // The next message is one key away.
    QCOMPARE(button(u"Send a test message"_s), send);
    QVERIFY(send->hasFocus());
}

void WelcomeTest::failuresOfTheTestMessageAreTold()
{
    FakeUpstream server([](const ReceivedRequest &request) {
        if (request.target.startsWith("/v1/models"))
            return jsonAnswer(200, R"({"data":[{"id":"qwen3"}]})");
        return jsonAnswer(400, R"({"error":{"message":"This model is asleep"}})");
    });
    open({}, {placeOf(server, u"LM Studio"_s, domain::provider::lmStudio)});
    goOn();
    tick(u"LM Studio"_s);
    goTo(3);

    QTest::mouseClick(button(u"Send a test message"_s), Qt::LeftButton);

    const auto shows = [this] {
        for (const QLabel *label : m_welcome->findChildren<QLabel *>()) {
            if (label->isVisible() && label->text().contains(u"This model is asleep"_s))
                return true;
        }
        return false;
    };
    QTRY_VERIFY_WITH_TIMEOUT(shows(), 10'000);
}

void WelcomeTest::textsFollowTheLanguage()
{
    open({{u"OPENAI_API_KEY"_s, u"sk-0123456789abcdef-one"_s}});
    QSignalSpy chosen(m_welcome.get(), &Welcome::languageChosen);
    auto *language = m_welcome->findChild<QComboBox *>(u"language"_s);
    QTest::keyClick(language, Qt::Key_Down);
    QCOMPARE(chosen.size(), 1);
    QCOMPARE(chosen.front().front().toString(), u"en"_s);

    MarkingTranslator translator;
    QCoreApplication::installTranslator(&translator);

    const auto unmarked = [this] {
        QStringList texts;
        for (const QLabel *label : m_welcome->findChildren<QLabel *>())
            texts += label->isVisible() ? label->text() : QString();
        for (const QAbstractButton *each : m_welcome->findChildren<QAbstractButton *>())
            texts += each->isVisible() ? each->text() : QString();
        texts.removeIf([](const QString &text) { return text.isEmpty() || text.contains(u'«'); });
        return texts;
    };
    for (int step = 0; step < 4; ++step) {
        QTRY_COMPARE(unmarked(), QStringList());
        if (step == 1)
            QVERIFY(model().index(0).data().toString().contains(u'«'));
        if (step < 3)
            goOn();
    }
    QCoreApplication::removeTranslator(&translator);
}

// The keys go through a screen as it is read, and then to the buttons below it.
void WelcomeTest::isReadFromTopToBottom()
{
    open({{u"OPENAI_API_KEY"_s, u"sk-0123456789abcdef-one"_s}});
    auto *stack = m_welcome->findChild<QStackedWidget *>();
    for (int step = 0; step < 4; ++step) {
        if (step == 2)
            radio(u"Other computers"_s)->setChecked(true); // shows HTTPS
        int last = 0;
        bool isBelow = false;
        for (QWidget *each = m_welcome->nextInFocusChain(); each != m_welcome.get();
             each = each->nextInFocusChain()) {
            if (!each->isVisible() || (each->focusPolicy() & Qt::TabFocus) != Qt::TabFocus)
                continue;
            isBelow = isBelow || !stack->isAncestorOf(each);
            QCOMPARE(isBelow, !stack->isAncestorOf(each));
            if (isBelow)
                continue;
            constexpr int sameLine = 8;
            const int height = each->mapTo(stack, each->rect().center()).y();
            QVERIFY2(height >= last - sameLine, each->metaObject()->className());
            last = height;
        }
        QVERIFY(isBelow);
        if (step == 2)
            radio(u"Programs on this"_s)->setChecked(true);
        if (step < 3)
            goOn();
    }
}

void WelcomeTest::isAccessible()
{
    open({{u"OPENAI_API_KEY"_s, u"sk-0123456789abcdef-one"_s}});
    for (int step = 0; step < 4; ++step) {
        if (step == 2)
            QTest::mouseClick(button(u"Set a password for root…"_s), Qt::LeftButton);
        QCOMPARE(tests::accessibilityProblems(m_welcome.get()), QStringList());
        if (step < 3)
            goOn();
    }
}

QTEST_MAIN(WelcomeTest)
#include "tst_welcome.moc"
