#include "widgets/table/celltext.h"

#include <QPainter>
#include <QTest>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

class CellTextTest : public QObject
{
    Q_OBJECT

private slots:
    void looksLikeDrawnText_data();
    void looksLikeDrawnText();
    void followsTheRoom();
    void keepsToOneLine();
    void tellsFontsApart();
    void outlivesManyOthers();

private:
    static QImage painted(const QString &text,
                          int room,
                          Qt::Alignment alignment = Qt::AlignLeft,
                          const QFont &font = QFont(),
                          double ratio = 1,
                          Qt::LayoutDirection direction = Qt::LeftToRight);
    static QImage drawn(const QString &text,
                        int room,
                        Qt::Alignment alignment,
                        double ratio,
                        Qt::LayoutDirection direction);
    template<typename Paint>
    static QImage onPaper(double ratio, Paint paint);
    // The columns from the first to the last that have ink.
    static QRect ink(const QImage &image);

    static constexpr QRect paper{0, 0, 420, 40};
};

template<typename Paint>
QImage CellTextTest::onPaper(double ratio, Paint paint)
{
    QImage image(paper.size() * ratio, QImage::Format_ARGB32_Premultiplied);
    image.setDevicePixelRatio(ratio);
    image.fill(Qt::white);
    QPainter painter(&image);
    painter.setPen(Qt::black);
    paint(painter);
    return image;
}

QImage CellTextTest::painted(const QString &text,
                             int room,
                             Qt::Alignment alignment,
                             const QFont &font,
                             double ratio,
                             Qt::LayoutDirection direction)
{
    return onPaper(ratio, [&](QPainter &painter) {
        painter.setLayoutDirection(direction);
        CellText::paint(
            &painter, {10, 0, room, paper.height()}, alignment, font, text, Qt::ElideRight);
    });
}

QImage CellTextTest::drawn(const QString &text,
                           int room,
                           Qt::Alignment alignment,
                           double ratio,
                           Qt::LayoutDirection direction)
{
    return onPaper(ratio, [&](QPainter &painter) {
        painter.setFont(QFont());
        painter.setLayoutDirection(direction);
        painter.drawText(QRect(10, 0, room, paper.height()),
                         static_cast<int>(alignment | Qt::AlignVCenter) | Qt::TextSingleLine,
                         QFontMetrics(QFont()).elidedText(text, Qt::ElideRight, room));
    });
}

QRect CellTextTest::ink(const QImage &image)
{
    QRect result;
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x) {
            if (qGray(image.pixel(x, y)) < 128)
                result |= QRect(x, y, 1, 1);
        }
    }
    return result;
}

void CellTextTest::looksLikeDrawnText_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("room");
    QTest::newRow("short") << u"gpt-4o-mini"_s << 300;
    QTest::newRow("elided") << u"a name that has no room in its column"_s << 90;
    QTest::newRow("chinese") << u"默认渠道"_s << 300;
    QTest::newRow("right to left") << u"שלום עולם"_s << 300;
    QTest::newRow("mixed") << u"שלום 12 渠道 <b>x</b> & y"_s << 300;
    QTest::newRow("begun from the right") << u"שלום gpt-4o (main)!"_s << 300;
    QTest::newRow("carriage returns") << u"one\r\ntwo"_s << 300;
    QTest::newRow("an ampersand") << u"R&D"_s << 300;
    QTest::newRow("long") << QString(10'000, u'm') << 250;
    QTest::newRow("no room") << u"text"_s << 3;
}

void CellTextTest::looksLikeDrawnText()
{
    QFETCH(const QString, text);
    QFETCH(const int, room);
    for (const double ratio : {1.0, 2.0}) {
        for (const auto direction : {Qt::LeftToRight, Qt::RightToLeft}) {
            for (const Qt::Alignment alignment :
                 {Qt::AlignLeft, Qt::AlignRight, Qt::AlignHCenter}) {
                const QRect expected = ink(drawn(text, room, alignment, ratio, direction));
                // The second time it comes from what was kept.
                for (int turn = 0; turn < 2; ++turn) {
                    const QRect got = ink(painted(text, room, alignment, {}, ratio, direction));
                    QVERIFY2((got.topLeft() - expected.topLeft()).manhattanLength() <= 2
                                 && (got.bottomRight() - expected.bottomRight()).manhattanLength()
                                        <= 2,
                             qPrintable(u"%1 to %2 instead of %3 to %4"_s.arg(got.left())
                                            .arg(got.right())
                                            .arg(expected.left())
                                            .arg(expected.right())));
                }
            }
        }
    }
}

void CellTextTest::followsTheRoom()
{
    const QString text = u"deepseek-reasoner of the other provider"_s;
    const QImage whole = painted(text, 400);
    QVERIFY(ink(painted(text, 100)).right() < 10 + 100);
    QVERIFY(ink(painted(text, 60)).right() < 10 + 60);
    QCOMPARE(painted(text, 400), whole);
    QCOMPARE(painted(text, 380), whole);
}

void CellTextTest::keepsToOneLine()
{
    const int height = ink(painted(u"one two"_s, 300)).height();
    QCOMPARE(ink(painted(u"one\ntwo"_s, 300)).height(), height);
    QCOMPARE(ink(painted(u"one\u2028two"_s, 300)).height(), height);
    QCOMPARE(painted(QString(), 300), onPaper(1, [](QPainter &) {}));
}

void CellTextTest::tellsFontsApart()
{
    QFont strong;
    strong.setWeight(QFont::Bold);
    QFont large;
    large.setPointSizeF(QFont().pointSizeF() * 1.5);
    const QString text = u"gateway"_s;
    const int usual = CellText::width({}, text);
    QVERIFY(CellText::width(large, text) > usual);
    QVERIFY(painted(text, 300) != painted(text, 300, Qt::AlignLeft, strong));
    QCOMPARE(CellText::width({}, text), usual);
    QCOMPARE(CellText::width(strong, text), QFontMetrics(strong).horizontalAdvance(text));
    QCOMPARE(CellText::width({}, QString()), 0);
}

void CellTextTest::outlivesManyOthers()
{
    const QImage first = painted(u"the first"_s, 300);
    for (int i = 0; i < 10'000; ++i)
        CellText::width({}, u"line %1"_s.arg(i));
    QCOMPARE(painted(u"the first"_s, 300), first);
}

} // namespace gatehouse::ui

QTEST_MAIN(gatehouse::ui::CellTextTest)
#include "tst_celltext.moc"
