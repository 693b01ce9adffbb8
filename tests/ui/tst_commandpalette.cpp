#include "frame/commandpalette.h"

#include "theme/theme.h"

#include <QLineEdit>
#include <QListView>
#include <QTest>

using namespace Qt::StringLiterals;

using namespace gatehouse;
using namespace gatehouse::ui;

class CommandPaletteTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase() { Theme::apply(Scheme::Light); }
    void isAsHighAsItsResults();
    void findsByWordsToo();
    void hasAnEdge();
};

void CommandPaletteTest::isAsHighAsItsResults()
{
    std::vector<PaletteItem> items{{.text = u"alpha"_s}, {.text = u"altitude"_s}};
    for (int i = 0; i < 100; ++i)
        items.push_back({.text = u"other %1"_s.arg(i)});
    QWidget window;
    window.resize(1200, 760);
    window.show();
    CommandPalette palette(&window);
    palette.openWith(items);
    auto *field = palette.findChild<QLineEdit *>();
    const auto *list = palette.findChild<QListView *>();
    const int most = palette.height();
    QCOMPARE(most, Theme::px(420));

    field->setText(u"al"_s);
    QTRY_VERIFY(palette.height() < most / 2);
    QCOMPARE(list->model()->rowCount(), 2);
    QTRY_COMPARE(list->height(), 2 * list->sizeHintForRow(0)); // no more, and none is cut

    field->setText(u"nothing of that kind"_s);
    QTRY_VERIFY(palette.height() < most / 2);
    field->clear();
    QTRY_COMPARE(palette.height(), most);
}

void CommandPaletteTest::findsByWordsToo()
{
    CommandPalette palette;
    palette.openWith({{.text = u"Backup: Copies"_s, .words = u"restore include secrets passphrase"_s},
                  {.text = u"Passphrases"_s}});
    auto *field = palette.findChild<QLineEdit *>();
    const auto *list = palette.findChild<QListView *>();

    field->setText(u"passphrase"_s);
    QCOMPARE(list->model()->rowCount(), 2);
    QCOMPARE(list->model()->index(0, 0).data().toString(), u"Passphrases"_s); // by its name
    field->setText(u"backup Passphrase"_s);
    QCOMPARE(list->model()->rowCount(), 1);
    QCOMPARE(list->currentIndex().data().toString(), u"Backup: Copies"_s);
    field->setText(u"backup webhook"_s);
    QCOMPARE(list->model()->rowCount(), 0);
}

void CommandPaletteTest::hasAnEdge()
{
    CommandPalette palette;
    palette.resize(300, 200);

    const QImage image = palette.grab().toImage();

    const QRgb edge = Theme::current().edge.rgb();
    QVERIFY(Theme::current().edge != Theme::current().window);
    QCOMPARE(image.pixel(0, image.height() / 2), edge);
    QCOMPARE(image.pixel(image.width() - 1, image.height() / 2), edge);
    QCOMPARE(image.pixel(image.width() / 2, 0), edge);
    QCOMPARE(image.pixel(image.width() / 2, image.height() - 1), edge);
}

QTEST_MAIN(CommandPaletteTest)
#include "tst_commandpalette.moc"
