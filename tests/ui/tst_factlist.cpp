#include "inspector/factlist.h"

#include <QAbstractButton>
#include <QLabel>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace gatehouse::ui;

// The facts of a request, where their values are longer than the room for them.
class FactListTest : public QObject
{
    Q_OBJECT

private slots:
    void anIdKeepsItsEnds();
    void linesOfLongValuesStandApart();

private:
    static QLabel *labelOf(const QWidget &list, const QString &text);
};

QLabel *FactListTest::labelOf(const QWidget &list, const QString &text)
{
    for (QLabel *label : list.findChildren<QLabel *>()) {
        if (label->accessibleName() == text || label->text() == text)
            return label;
    }
    return nullptr;
}

void FactListTest::anIdKeepsItsEnds()
{
    const QString id = u"01M8QD5D2N8MRWB6HV50000002"_s;
    int copies = 0;
    FactList list;
    list.begin();
    list.addId(u"Request id"_s, id, [&copies] { ++copies; });
    list.finish();
    list.resize(800, 40);
    list.show();
    QLabel *label = labelOf(list, id);
    auto *copy = list.findChild<QAbstractButton *>();
    QVERIFY(label && copy);
    QTRY_COMPARE(label->text(), id);
    QVERIFY(copy->x() < label->geometry().right() + 50); // right beside it

    list.resize(200, 40);

    QTRY_VERIFY(label->text().contains(u'…'));
    QVERIFY(label->text().startsWith(u"01M"_s) && label->text().endsWith(u"002"_s));
    QVERIFY(copy->isVisible() && list.rect().contains(copy->mapTo(&list, copy->rect().center())));
    QTest::mouseClick(copy, Qt::LeftButton);
    QCOMPARE(copies, 1);
    QCOMPARE(list.text(), u"Request id: "_s + id);
}

// Two values of two lines each do not look like one of four.
void FactListTest::linesOfLongValuesStandApart()
{
    const QString first = u"given out again from the cache, at no cost at all"_s;
    const QString second = u"stop: the answer was complete and nothing is left"_s;
    FactList list;
    list.begin();
    list.add(u"Answer cache"_s, first);
    list.add(u"Ended by"_s, second);
    list.finish();
    list.resize(260, 200);
    list.show();
    QLabel *above = labelOf(list, first);
    QLabel *below = labelOf(list, second);
    QVERIFY(above && below);
    const int line = QFontMetrics(above->font()).lineSpacing();

    QTRY_VERIFY(above->height() >= 2 * line + 4);
    QVERIFY(below->y() >= above->geometry().bottom());
}

QTEST_MAIN(FactListTest)
#include "tst_factlist.moc"
