// The set-up that a person opens again.
#include "support/fakeupstream.h"
#include "ui/find.h"
#include "ui/windowfixture.h"
#include "widgets/dialogs/confirmation.h"
#include "wizard/foundmodel.h"
#include "wizard/foundstep.h"
#include "wizard/welcome.h"

#include <QPushButton>
#include <QRadioButton>
#include <QTest>

using namespace Qt::StringLiterals;

using namespace gatehouse;
using namespace gatehouse::ui;

class WelcomeAgainTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void cleanup() { m_welcome.reset(); }
    void closesAtOnceWhereNothingWasChosen();
    void asksBeforeTicksAreLost();
    void asksBeforeAnAnswerIsLost();
    void marksAFileByItsProgram();

private:
    Confirmation *question() const { return m_welcome->findChild<Confirmation *>(); }
    FoundModel &model() { return m_welcome->found().model(); }

    std::unique_ptr<support::FakeUpstream> m_server;
    std::unique_ptr<support::WindowFixture> m_fixture;
    std::unique_ptr<Welcome> m_welcome;
};

void WelcomeAgainTest::initTestCase()
{
    m_fixture = std::make_unique<support::WindowFixture>();
    QVERIFY(m_fixture->start());
    m_server = std::make_unique<support::FakeUpstream>([](const support::ReceivedRequest &) {
        return support::jsonAnswer(200, R"({"data":[{"id":"qwen3"}]})");
    });
}

void WelcomeAgainTest::init()
{
    const QString base = QString::fromLatin1(m_server->baseUrl());
    m_welcome = std::make_unique<Welcome>(
        m_fixture->services(),
        WelcomeHooks{.places = {{.name = u"LM Studio"_s,
                                 .url = base + u"/v1/models"_s,
                                 .providerType = domain::provider::lmStudio,
                                 .baseUrl = base}},
                     .isAgain = true});
    m_welcome->show();
    QVERIFY(QTest::qWaitForWindowActive(m_welcome.get()));
    QTRY_COMPARE_WITH_TIMEOUT(model().found().size(), size_t(1), 5'000);
}

void WelcomeAgainTest::closesAtOnceWhereNothingWasChosen()
{
    QTest::keyClick(m_welcome.get(), Qt::Key_Escape);

    QVERIFY(!question());
    QVERIFY(!m_welcome->isVisible());
}

void WelcomeAgainTest::asksBeforeTicksAreLost()
{
    QVERIFY(model().setData(model().index(1), Qt::Checked, Qt::CheckStateRole));

    QTest::keyClick(m_welcome.get(), Qt::Key_Escape);
    QVERIFY(m_welcome->isVisible());
    QPointer<Confirmation> asked = question();
    QVERIFY(asked);
    QTest::mouseClick(tests::button<QPushButton>(asked, u"Go on"_s), Qt::LeftButton);
    QTRY_VERIFY(!asked);
    QVERIFY(m_welcome->isVisible());
    QCOMPARE(model().ticked().size(), size_t(1));

    m_welcome->close(); // as the frame of the window does
    QVERIFY(m_welcome->isVisible());
    QVERIFY(question());
    QTest::mouseClick(tests::button<QPushButton>(question(), u"Discard"_s), Qt::LeftButton);
    QTRY_VERIFY(!m_welcome->isVisible());
}

void WelcomeAgainTest::asksBeforeAnAnswerIsLost()
{
    const auto radios = m_welcome->findChildren<QRadioButton *>();
    const auto other = std::find_if(radios.begin(), radios.end(), [](const QRadioButton *each) {
        return each->isVisible() && !each->isChecked();
    });
    QVERIFY(other != radios.end());
    (*other)->click();

    QTest::keyClick(m_welcome.get(), Qt::Key_Escape);

    QVERIFY(question());
    QVERIFY(m_welcome->isVisible());
}

// It holds channels of any providers.
void WelcomeAgainTest::marksAFileByItsProgram()
{
    admin::FoundProvider file{.source = admin::FoundProvider::Source::File,
                              .origin = u"/home/ann/litellm/config.yaml"_s,
                              .channels = 3};
    file.channel.name = u"LiteLLM"_s;
    FoundModel found;
    found.setFound({file});

    QCOMPARE(found.index(1).data(FoundModel::TileRole).toString(), u"LiteLLM"_s);
}

QTEST_MAIN(WelcomeAgainTest)
#include "tst_welcomeagain.moc"
