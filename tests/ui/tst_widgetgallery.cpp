#include "ui/accessibilitywalk.h"
#include "ui/widgetgallery.h"

#include "theme/theme.h"

#include <QApplication>
#include <QLineEdit>
#include <QTableView>
#include <QTest>

using namespace Qt::StringLiterals;

using namespace gatehouse;
using namespace gatehouse::tests;
using namespace gatehouse::ui;

// All shared widgets together. With GATEHOUSE_SCREENSHOTS set to a folder, their pictures are put
// there.
class WidgetGalleryTest : public QObject
{
    Q_OBJECT

private slots:
    void isAccessible_data();
    void isAccessible();
    void followsTheTheme();
    void findsWhatIsNotAccessible();

private:
    static QWidget *make(bool table) { return table ? makeTableGallery() : makeFieldGallery(); }
};

void WidgetGalleryTest::isAccessible_data()
{
    QTest::addColumn<bool>("table");
    QTest::addColumn<bool>("dark");

    QTest::newRow("table-light") << true << false;
    QTest::newRow("table-dark") << true << true;
    QTest::newRow("fields-light") << false << false;
    QTest::newRow("fields-dark") << false << true;
}

void WidgetGalleryTest::isAccessible()
{
    QFETCH(bool, table);
    QFETCH(bool, dark);
    Theme::apply(dark ? Scheme::Dark : Scheme::Light);
    const std::unique_ptr<QWidget> gallery(make(table));

    gallery->show();
    QVERIFY(QTest::qWaitForWindowExposed(gallery.get()));
    if (auto *view = gallery->findChild<QTableView *>())
        view->setFocus();

    const QString folder = qEnvironmentVariable("GATEHOUSE_SCREENSHOTS");
    if (!folder.isEmpty())
        QVERIFY(gallery->grab().save(
            u"%1/%2.png"_s.arg(folder, QString::fromLatin1(QTest::currentDataTag()))));

    const QStringList problems = accessibilityProblems(gallery.get());
    QVERIFY2(problems.isEmpty(), qPrintable(problems.join(u'\n')));
}

void WidgetGalleryTest::followsTheTheme()
{
    Theme::apply(Scheme::Light);
    const std::unique_ptr<QWidget> gallery(make(true));
    gallery->show();
    QVERIFY(QTest::qWaitForWindowExposed(gallery.get()));

    Theme::apply(Scheme::Dark);

    const auto *view = gallery->findChild<QTableView *>();
    QTRY_COMPARE(view->palette().color(QPalette::Base), darkPalette().base);
    QTRY_COMPARE(gallery->grab().toImage().pixelColor(3, 3), darkPalette().window);
}

void WidgetGalleryTest::findsWhatIsNotAccessible()
{
    QWidget root;
    root.resize(200, 100);
    QLineEdit nameless(&root);
    nameless.setFocusPolicy(Qt::ClickFocus);
    root.show();

    const QStringList problems = accessibilityProblems(&root);

    QCOMPARE(problems.size(), 2);
    QVERIFY(problems.front().contains(u"no accessible name"_s));
}

QTEST_MAIN(WidgetGalleryTest)
#include "tst_widgetgallery.moc"
