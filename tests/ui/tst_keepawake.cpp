#include "desktop/keepawake.h"
#include "integration/wakelock.h"
#include "preferences/windowsettings.h"
#include "widgets/uistate.h"

#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;

using namespace gatehouse;

class KeepAwakeTest : public QObject
{
    Q_OBJECT

private slots:
    void holdsWhileRequestsRun();
    void aLockIsLetGoOf();
};

void KeepAwakeTest::holdsWhileRequestsRun()
{
    const QTemporaryDir directory;
    ui::UiState state(directory.filePath(u"window.ini"_s));
    qint64 running = 2;
    bool isHeld = false;
    app::KeepAwake awake(
        state, [&running] { return running; }, [&isHeld](bool held) { isHeld = held; });
    awake.look();
    QVERIFY(!isHeld); // off unless it is wanted

    state.setValue(ui::windowkey::keepAwake, u"true"_s);
    QVERIFY(isHeld);
    running = 0;
    awake.look();
    QVERIFY(!isHeld);
    running = 1;
    awake.look();
    QVERIFY(isHeld);
    state.setValue(ui::windowkey::keepAwake, u"false"_s);

    QVERIFY(!isHeld);
}

// Whether the system grants it or not.
void KeepAwakeTest::aLockIsLetGoOf()
{
    app::WakeLock lock;

    lock.setHeld(true);
    QCOMPARE(lock.isHeld(), app::WakeLock::isOffered());
    lock.setHeld(false);

    QVERIFY(!lock.isHeld());
}

QTEST_MAIN(KeepAwakeTest)
#include "tst_keepawake.moc"
