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

QTEST_MAIN(CommandPaletteTest)
#include "tst_commandpalette.moc"
