#include "commands/table.h"

#include <QTest>

using namespace Qt::StringLiterals;

namespace gatehouse::app {

// Text for terminals.
class TableTest : public QObject
{
    Q_OBJECT

private slots:
    void cells_data();
    void cells();
    void columnsAreAligned();
    void aCellCannotCommandTheTerminal();
    void factsAreAligned();
};

void TableTest::cells_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<qsizetype>("taken");

    QTest::newRow("nothing") << QString() << qsizetype(0);
    QTest::newRow("Latin") << u"café"_s << qsizetype(4);
    QTest::newRow("an accent of its own") << u"cafe\u0301"_s << qsizetype(4);
    QTest::newRow("Chinese") << u"渠道"_s << qsizetype(4);
    QTest::newRow("Korean") << u"한국"_s << qsizetype(4);
    QTest::newRow("full-width letters") << u"ＡＢ"_s << qsizetype(4);
    QTest::newRow("half-width kana") << u"ｱｲ"_s << qsizetype(2);
    QTest::newRow("a face") << u"😀"_s << qsizetype(2);
    QTest::newRow("a rare ideograph") << u"𠀀"_s << qsizetype(2);
    QTest::newRow("a joiner without width") << u"a\u200db"_s << qsizetype(2);
}

void TableTest::cells()
{
    QFETCH(QString, text);

    QTEST(cellsOf(text), "taken");
}

void TableTest::columnsAreAligned()
{
    Table table({{u"ID"_s, Table::Align::Right}, {u"NAME"_s}, {u"GROUP"_s}});
    table.add({u"1"_s, u"主渠道"_s, u"a"_s});
    table.add({u"123"_s, u"plain"_s, u"b"_s});
    table.add({u"7"_s, QString(), QString()});

    QCOMPARE(table.text(),
             u" ID  NAME    GROUP\n"
             "  1  主渠道  a\n"
             "123  plain   b\n"
             "  7"_s);
}

void TableTest::aCellCannotCommandTheTerminal()
{
    Table table({{u"NAME"_s}});
    table.add({u"a\x1b[2Jb\nc\u2028d"_s});

    table.add({u"a\u202etxt\u2066"_s});

    QCOMPARE(table.text(), u"NAME\na [2Jb c d\na txt"_s);
}

void TableTest::factsAreAligned()
{
    QCOMPARE(factsText({{u"ID"_s, u"3"_s}, {u"Absent"_s, QString()}, {u"Name"_s, u"good\r"_s}}),
             u"ID:      3\nName:    good "_s);
}

} // namespace gatehouse::app

QTEST_GUILESS_MAIN(gatehouse::app::TableTest)
#include "tst_table.moc"
