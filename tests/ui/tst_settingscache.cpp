#include "admin/administration.h"
#include "settings/cacheblock.h"
#include "settings/settingspage.h"
#include "ui/accessibilitywalk.h"
#include "ui/windowfixture.h"
#include "widgets/secondarylabel.h"

#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

using namespace Qt::StringLiterals;

using namespace gatehouse;
using namespace gatehouse::ui;

// The page of the cache of answers.
class SettingsCacheTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void tellsWhatIsKept();
    void clearsIt();
    void isAccessible();

private:
    admin::Administration &house() { return m_fixture->administration(); }
    CacheBlock *block() { return m_page->findChild<CacheBlock *>(); }
    QPushButton *button() { return block()->findChild<QPushButton *>(u"clearCache"_s); }
    QString kept() { return block()->findChild<SecondaryLabel *>(u"cacheKept"_s)->text(); }
    void set(const QString &key, const QString &value)
    {
        m_fixture->waitFor(house().settings.set(key, value));
    }

    std::unique_ptr<support::WindowFixture> m_fixture;
    std::unique_ptr<SettingsPage> m_page;
    domain::Token m_token{};
};

void SettingsCacheTest::initTestCase()
{
    m_fixture = std::make_unique<support::WindowFixture>();
    QVERIFY(m_fixture->start());
    m_fixture->addEchoChannel(u"Echo"_s);
    m_token = m_fixture->addToken(u"t"_s);
}

void SettingsCacheTest::init()
{
    set(u"cache.requests"_s, u"all"_s);
    set(u"cache.answers"_s, u"true"_s);
    m_fixture->wait(house().answers.clear());
    auto store = std::make_shared<SettingsStore>(
        m_fixture->services(), SettingsHooks{.dataDirectory = m_fixture->directory()});
    m_page = std::make_unique<SettingsPage>(m_fixture->services(), store);
    m_page->resize(1000, 800);
    m_page->show();
    QVERIFY(QTest::qWaitForWindowActive(m_page.get()));
    m_page->showPane(u"cache"_s);
    m_page->setActive(true);
}

void SettingsCacheTest::tellsWhatIsKept()
{
    QCOMPARE(kept(), u"No answer is kept."_s);
    QVERIFY(!button()->isEnabled());
    const quint64 before = house().answers.counts().hits;

    QCOMPARE(m_fixture->chat(m_token, u"echo"_s), 200);
    QCOMPARE(m_fixture->chat(m_token, u"echo"_s), 200);

    QCOMPARE(house().answers.counts().hits, before + 1);
    QTRY_VERIFY2(kept().startsWith(u"1 answer"_s), qPrintable(kept()));
    QVERIFY(button()->isEnabled());
}

void SettingsCacheTest::clearsIt()
{
    QCOMPARE(m_fixture->chat(m_token, u"echo"_s), 200);
    block()->activated();
    QSignalSpy notices(block(), &CacheBlock::noticeRaised);

    QTest::mouseClick(button(), Qt::LeftButton);

    QTRY_COMPARE(notices.size(), 1);
    QCOMPARE(house().answers.totals().answers, 0);
    QCOMPARE(kept(), u"No answer is kept."_s);
    QVERIFY(!button()->isEnabled());
}

void SettingsCacheTest::isAccessible()
{
    const QStringList problems = tests::accessibilityProblems(m_page.get());

    QVERIFY2(problems.isEmpty(), qPrintable(problems.join(u'\n')));
}

QTEST_MAIN(SettingsCacheTest)

#include "tst_settingscache.moc"
