#include "admin/administration.h"
#include "settings/secretsblock.h"
#include "ui/accessibilitywalk.h"
#include "ui/find.h"
#include "ui/windowfixture.h"
#include "widgets/dialogs/confirmation.h"

#include <QPushButton>
#include <QTest>

using namespace Qt::StringLiterals;

using namespace gatehouse;
using namespace gatehouse::ui;

// Whether keys of tokens can be shown again, in Settings.
class SettingsKeysTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void cleanup();
    void asksWhenKeysAreNoLongerKept();
    void keepsThemUnlessToldTo();
    void isAccessible();

private:
    domain::Token addToken()
    {
        return m_fixture->wait(
            m_fixture->administration().tokenManager.create(m_fixture->services().actor,
                                                            m_fixture->services().actor.id,
                                                            {.name = u"one"_s, .unlimited = true}));
    }
    bool isKept(domain::TokenId id)
    {
        const auto answer =
            m_fixture->administration().tokenManager.reveal(m_fixture->services().actor, id);
        return QTest::qWaitFor([&] { return answer.isFinished(); }, 10'000)
               && answer.result().has_value();
    }
    void keepKeys(bool kept)
    {
        m_fixture->waitFor(
            m_store->set(u"accounting.recoverable_keys"_s, kept ? u"true"_s : u"false"_s));
    }
    Confirmation *question() const { return m_block->findChild<Confirmation *>(); }

    std::unique_ptr<support::WindowFixture> m_fixture{};
    std::unique_ptr<SettingsStore> m_store{};
    std::unique_ptr<SecretsBlock> m_block{};
};

void SettingsKeysTest::initTestCase()
{
    m_fixture = std::make_unique<support::WindowFixture>();
    QVERIFY(m_fixture->start());
}

void SettingsKeysTest::init()
{
    m_store = std::make_unique<SettingsStore>(m_fixture->services(), SettingsHooks{});
    keepKeys(true);
    m_block = std::make_unique<SecretsBlock>(m_fixture->services(), *m_store, nullptr);
    m_block->show();
}

void SettingsKeysTest::cleanup()
{
    m_block.reset();
    m_store.reset();
}

void SettingsKeysTest::asksWhenKeysAreNoLongerKept()
{
    const domain::Token token = addToken();

    keepKeys(false);

    QTRY_VERIFY(question());
    QVERIFY(isKept(token.id));
    QTest::mouseClick(tests::button<QPushButton>(question(), u"Forget the keys"_s), Qt::LeftButton);
    QTRY_VERIFY(!isKept(token.id));
}

void SettingsKeysTest::keepsThemUnlessToldTo()
{
    const domain::Token token = addToken();
    QTest::mouseClick(
        tests::button<QPushButton>(m_block.get(), u"Forget the keys of all tokens…"_s),
        Qt::LeftButton);
    QTRY_VERIFY(question());

    question()->reject();

    QVERIFY(isKept(token.id));
}

void SettingsKeysTest::isAccessible()
{
    QCOMPARE(tests::accessibilityProblems(m_block.get()), QStringList());
}

QTEST_MAIN(SettingsKeysTest)
#include "tst_settingskeys.moc"
