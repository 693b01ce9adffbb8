#include "admin/administration.h"
#include "preferences/settingeditor.h"
#include "preferences/settingrow.h"
#include "preferences/windowsettings.h"
#include "settings/settingspage.h"
#include "ui/windowfixture.h"

#include <QCheckBox>
#include <QKeyEvent>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

using namespace Qt::StringLiterals;

using namespace gatehouse;
using namespace gatehouse::ui;

// Changes of settings as steps of Undo.
class SettingsUndoTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void cleanup();
    void takesBackASwitch();
    void takesBackAReset();
    void typingIntoOneFieldIsOneStep();
    void anotherFieldIsAnotherStep();
    void severalAtOnceAreOneStep();
    void whatWasRefusedIsNoStep();
    void takesBackASettingOfTheWindow();
    void namesTheSettingButNoValue();
    void aFieldWithoutStepsOfItsOwnLeavesUndoToTheWindow();
    void saysWhatCannotBeUndoneWithoutTheSettings();

private:
    SettingRow *row(const QString &key)
    {
        m_page->setFilter(key);
        return m_page->findChild<SettingRow *>(key);
    }
    QLineEdit *field(const QString &key)
    {
        return qobject_cast<QLineEdit *>(row(key)->editor()->control());
    }
    void type(const QString &key, const QString &text)
    {
        const QSignalSpy done(&undo(), &UndoStack::done);
        QLineEdit *edited = field(key);
        edited->setFocus();
        edited->selectAll();
        QTest::keyClicks(edited, text);
        QTest::keyClick(edited, Qt::Key_Return);
        QTRY_COMPARE(stored(key), text);
        QTRY_COMPARE(done.size(), 1);
    }
    QString stored(const QString &key)
    {
        return m_fixture->administration().settings.find(key)->value;
    }
    UndoStack &undo() { return m_fixture->services().undo; }

    std::unique_ptr<support::WindowFixture> m_fixture;
    std::shared_ptr<SettingsStore> m_store;
    std::unique_ptr<SettingsPage> m_page;
};

void SettingsUndoTest::initTestCase()
{
    m_fixture = std::make_unique<support::WindowFixture>();
    QVERIFY(m_fixture->start());
}

void SettingsUndoTest::init()
{
    m_store = std::make_shared<SettingsStore>(m_fixture->services(), SettingsHooks{});
    m_page = std::make_unique<SettingsPage>(m_fixture->services(), m_store);
    m_page->resize(1000, 700);
    m_page->show();
    QVERIFY(QTest::qWaitForWindowActive(m_page.get()));
    m_page->setActive(true);
}

void SettingsUndoTest::cleanup()
{
    QTRY_VERIFY(!undo().isBusy());
    m_page.reset();
    m_fixture->waitFor(m_store->setAll([this] {
        QMap<QString, QString> defaults;
        for (const admin::SettingView &each : m_store->resettable())
            defaults.insert(each.key, each.defaultValue);
        return defaults;
    }()));
    m_store.reset();
    undo().clear();
}

void SettingsUndoTest::takesBackASwitch()
{
    const QString key = u"relay.disable_automatically"_s;
    QTest::keyClick(row(key)->findChild<QCheckBox *>(), Qt::Key_Space);
    QTRY_COMPARE(stored(key), u"true"_s);
    QTRY_VERIFY(undo().canUndo());

    undo().undo();

    QTRY_COMPARE(stored(key), u"false"_s);
    QTRY_VERIFY(!row(key)->findChild<QCheckBox *>()->isChecked());
    QTRY_VERIFY(undo().canRedo());
    QVERIFY(!undo().canUndo());
    undo().redo();
    QTRY_COMPARE(stored(key), u"true"_s);
}

void SettingsUndoTest::takesBackAReset()
{
    const QString key = u"relay.breaker_failures"_s;
    type(key, u"8"_s);
    auto *reset = row(key)->findChild<QPushButton *>(u"reset"_s);
    QTRY_VERIFY(reset->isVisible());
    const QSignalSpy done(&undo(), &UndoStack::done);
    QTest::mouseClick(reset, Qt::LeftButton);
    QTRY_COMPARE(stored(key), u"5"_s);
    QTRY_COMPARE(done.size(), 1);

    undo().undo();
    QTRY_COMPARE(stored(key), u"8"_s);
    QTRY_VERIFY(undo().canUndo());
    undo().undo();

    QTRY_COMPARE(stored(key), u"5"_s);
    QTRY_VERIFY(!undo().isBusy());
    QVERIFY(!undo().canUndo());
    QVERIFY(!m_store->find(key)->isModified);
}

void SettingsUndoTest::typingIntoOneFieldIsOneStep()
{
    const QString key = u"tests.parallel"_s;
    const QString before = stored(key);
    type(key, u"12"_s);
    type(key, u"13"_s);
    m_store->endSeries(); // as a while later
    type(key, u"14"_s);

    QTRY_VERIFY(undo().canUndo());
    undo().undo();
    QTRY_COMPARE(stored(key), u"13"_s);
    QTRY_VERIFY(undo().canUndo());
    undo().undo();

    QTRY_COMPARE(stored(key), before);
    QTRY_VERIFY(undo().canRedo());
    QVERIFY(!undo().canUndo());
    undo().redo();
    QTRY_COMPARE(stored(key), u"13"_s);
}

void SettingsUndoTest::anotherFieldIsAnotherStep()
{
    const QString before = stored(u"tests.parallel"_s);
    type(u"tests.parallel"_s, u"12"_s);
    type(u"relay.breaker_failures"_s, u"8"_s);
    type(u"tests.parallel"_s, u"13"_s);

    for (const auto &[key, value] : {std::pair(u"tests.parallel"_s, u"12"_s),
                                     std::pair(u"relay.breaker_failures"_s, u"5"_s),
                                     std::pair(u"tests.parallel"_s, before)}) {
        QTRY_VERIFY(undo().canUndo());
        undo().undo();
        QTRY_COMPARE(stored(key), value);
    }
}

void SettingsUndoTest::severalAtOnceAreOneStep()
{
    const QString switched = u"relay.disable_automatically"_s;
    const QString typed = u"tests.parallel"_s;
    const QString before = stored(typed);

    m_fixture->waitFor(m_store->changeAll({{switched, u"true"_s}, {typed, u"9"_s}}));
    QTRY_COMPARE(stored(typed), u"9"_s);
    QTRY_VERIFY(undo().canUndo());
    undo().undo();

    QTRY_COMPARE(stored(typed), before);
    QCOMPARE(stored(switched), u"false"_s);
    QTRY_VERIFY(!undo().isBusy());
    QVERIFY(!undo().canUndo());
}

void SettingsUndoTest::whatWasRefusedIsNoStep()
{
    const admin::Answer<> answer = m_store->change(u"tests.parallel"_s, u"many"_s);

    QTRY_VERIFY(answer.isFinished());
    QVERIFY(!answer.result());
    QVERIFY(!undo().canUndo());
}

void SettingsUndoTest::takesBackASettingOfTheWindow()
{
    auto *notify = row(u"notify/budget"_s)->findChild<QCheckBox *>();
    QTest::keyClick(notify, Qt::Key_Space);
    QTRY_VERIFY(undo().canUndo());

    undo().undo();

    QTRY_VERIFY(notify->isChecked());
    QCOMPARE(m_store->find(u"notify/budget"_s)->value, u"true"_s);
}

void SettingsUndoTest::namesTheSettingButNoValue()
{
    const QString key = u"integrations.webhook_url"_s;
    const QString secret = u"https://hooks.example/services/s3cr3t"_s;
    m_fixture->waitFor(m_store->change(key, secret));
    QTRY_VERIFY(undo().canUndo());

    QVERIFY(undo().undoText().contains(m_store->find(key)->label));
    QVERIFY(!undo().undoText().contains(u"s3cr3t"_s));
}

void SettingsUndoTest::aFieldWithoutStepsOfItsOwnLeavesUndoToTheWindow()
{
    const auto keeps = [](QWidget *widget) {
        QKeyEvent wanted(QEvent::ShortcutOverride, Qt::Key_Z, Qt::ControlModifier);
        wanted.ignore();
        QCoreApplication::sendEvent(widget, &wanted);
        return wanted.isAccepted();
    };
    const QString key = u"tests.parallel"_s;
    QLineEdit *edited = field(key);
    edited->setFocus();
    QVERIFY(!keeps(edited));

    edited->selectAll();
    QTest::keyClicks(edited, u"7"_s);

    QVERIFY(keeps(edited));
    QTest::keyClick(edited, Qt::Key_Return);
    QTRY_COMPARE(stored(key), u"7"_s);
    QTRY_VERIFY(!keeps(edited));
}

void SettingsUndoTest::saysWhatCannotBeUndoneWithoutTheSettings()
{
    const QString key = u"relay.disable_automatically"_s;
    m_fixture->waitFor(m_store->change(key, u"true"_s));
    QTRY_VERIFY(undo().canUndo());
    m_page.reset();
    m_store = std::make_shared<SettingsStore>(m_fixture->services(), SettingsHooks{});

    undo().undo();

    QTRY_VERIFY(!undo().canUndo()); // nor is it in the way of others
    QCOMPARE(stored(key), u"true"_s);
}

QTEST_MAIN(SettingsUndoTest)
#include "tst_settingsundo.moc"
