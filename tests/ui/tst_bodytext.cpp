#include "capture/bodytext.h"
#include "theme/theme.h"
#include "widgets/format.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QScrollBar>
#include <QTest>
#include <QTextBlock>

using namespace Qt::StringLiterals;
using namespace gatehouse;
using namespace gatehouse::ui;

namespace {

// The beginning of a picture, and so many bytes behind it.
QByteArray pictureOf(qsizetype bytes)
{
    return QByteArray("\x89PNG\r\n\x1A\n\0\0\0\x0D", 12).append(bytes - 12, 'x').toBase64();
}

QColor colorAt(const QTextBlock &line, int place)
{
    for (const QTextLayout::FormatRange &range : line.layout()->formats()) {
        if (place >= range.start && place < range.start + range.length)
            return range.format.foreground().color();
    }
    return {};
}

} // namespace

// The raw text of a body: what is folded in it, and its colours.
class BodyTextTest : public QObject
{
    Q_OBJECT

private slots:
    void picturesAreFolded_data();
    void picturesAreFolded();
    void aPictureInParts();
    void copyingTakesWhatIsFolded();
    void aClickShowsIt();
    void matchesAreFoundInIt();
    void ordinaryTextIsNotFolded_data();
    void ordinaryTextIsNotFolded();
    void jsonIsColored();
    void linesThatAreBrokenKeepTheirColors();
    void onlyWhatIsSeenIsColored();
};

void BodyTextTest::picturesAreFolded_data()
{
    QTest::addColumn<QByteArray>("before");
    QTest::addColumn<QByteArray>("data");
    QTest::addColumn<QString>("type");

    const QByteArray picture = pictureOf(30'000);
    QTest::newRow("a data URL") << QByteArray("{\"url\":\"data:image/webp;base64,")
                                << QByteArray(40'000, 'A') << u"image/webp"_s;
    QTest::newRow("a picture") << QByteArray("{\"data\":\"") << picture << u"image/png"_s;
    QTest::newRow("a sound") << QByteArray("{\"data\":\"")
                             << QByteArray("RIFF\x10\x20\0\0WAVE", 12).append(9'000, 'y').toBase64()
                             << u"audio/wav"_s;
    QTest::newRow("a document") << QByteArray("[\"")
                                << QByteArray("%PDF-1.7").append(9'000, 'y').toBase64()
                                << u"application/pdf"_s;
}

void BodyTextTest::picturesAreFolded()
{
    QFETCH(QByteArray, before);
    QFETCH(QByteArray, data);
    QFETCH(QString, type);
    BodyText text;

    text.start(before + data + "\",\"end\":1}");

    QCOMPARE(text.foldedCount(), 1);
    QCOMPARE(text.document()->blockCount(), 3);
    const QString label = text.document()->findBlockByNumber(1).text();
    QVERIFY2(label.contains(type) && label.contains(Format::bytes(data.size() / 4 * 3)),
             qPrintable(label));
    QCOMPARE(text.document()->lastBlock().text(), u"\",\"end\":1}"_s);
    QCOMPARE(text.text().toLatin1(), before + data + "\",\"end\":1}");
}

// The parts of a body end anywhere.
void BodyTextTest::aPictureInParts()
{
    const QByteArray data = pictureOf(60'000);
    const QByteArray whole = "{\"data\":\"" + data + "\"}";
    for (const qsizetype second : {qsizetype(50'000), whole.size() - 2, whole.size()}) {
        BodyText text;
        text.start(whole.first(30'000));
        text.append(whole.sliced(30'000, second - 30'000));
        text.append(whole.sliced(second));

        QCOMPARE(text.foldedCount(), 1);
        QVERIFY(text.document()->findBlockByNumber(1).text().contains(u"image/png"_s));
        QCOMPARE(text.text().toLatin1(), whole);
        text.selectAll();
        text.copy();
        QCOMPARE(QGuiApplication::clipboard()->text().toLatin1(), whole);
        QVERIFY(text.unfold(text.document()->findBlockByNumber(1)));
        text.selectAll();
        text.copy();
        QCOMPARE(QGuiApplication::clipboard()->text().toLatin1(), whole);
    }
}

void BodyTextTest::copyingTakesWhatIsFolded()
{
    const QByteArray whole = "{\"a\":\"" + pictureOf(9'000) + "\",\n\"b\":\"" + pictureOf(3'000)
                             + "\",\"c\":\"" + QByteArray(5'000, ' ') + "\"}";
    BodyText text;
    text.start(whole);
    QCOMPARE(text.foldedCount(), 2);

    for (int round = 0; round < 3; ++round) {
        text.selectAll();
        text.copy();
        QCOMPARE(QGuiApplication::clipboard()->text().toLatin1(), whole);
        for (QTextBlock line = text.document()->begin(); line.isValid(); line = line.next()) {
            if (text.unfold(line))
                break;
        }
        QCOMPARE(text.foldedCount(), std::max(1 - round, 0));
    }
}

void BodyTextTest::aClickShowsIt()
{
    BodyText text;
    text.resize(500, 300);
    text.show();
    text.start("{\"data\":\"" + pictureOf(9'000) + "\"}");
    const QTextBlock label = text.document()->findBlockByNumber(1);
    QTextCursor cursor(label);
    cursor.setPosition(label.position() + 2);

    QTest::mouseClick(text.viewport(), Qt::LeftButton, {}, text.cursorRect(cursor).center());

    QCOMPARE(text.foldedCount(), 0);
    QVERIFY(text.document()->findBlockByNumber(1).text().startsWith(u"iVBORw0KGgo"_s));

    // And a key.
    text.start("{\"data\":\"" + pictureOf(9'000) + "\"}");
    text.setTextCursor(QTextCursor(text.document()->findBlockByNumber(1)));
    QTest::keyClick(&text, Qt::Key_Return);
    QCOMPARE(text.foldedCount(), 0);
}

void BodyTextTest::matchesAreFoundInIt()
{
    const QByteArray whole = "{\"data\":\"" + pictureOf(9'000) + "\",\"needle\":1}";
    BodyText text;
    text.start(whole);

    text.showMatch(whole.indexOf("needle"), 6);
    QCOMPARE(text.extraSelections().value(0).cursor.selectedText(), u"needle"_s);
    QCOMPARE(text.foldedCount(), 1);

    const qsizetype inside = 9 + 5'000;
    text.showMatch(inside, 8);
    QCOMPARE(text.foldedCount(), 0);
    QCOMPARE(text.extraSelections().value(0).cursor.selectedText().toLatin1(),
             whole.sliced(inside, 8));
    text.showMatch(whole.indexOf("needle"), 6);
    QCOMPARE(text.extraSelections().value(0).cursor.selectedText(), u"needle"_s);
}

void BodyTextTest::ordinaryTextIsNotFolded_data()
{
    QTest::addColumn<QByteArray>("body");

    QTest::newRow("a long word") << "{\"a\":\"" + QByteArray(30'000, 'x') + "\"}";
    QTest::newRow("a small picture") << "{\"a\":\"" + pictureOf(300) + "\"}";
    QTest::newRow("outside of a string") << QByteArray("\n\n,iVBORw0KGgo") + QByteArray(9'000, 'A');
    QTest::newRow("a type of two lines")
        << QByteArray("{\"a\":\"data:image/x\n\"b\":\"png;base64,") + QByteArray(9'000, 'A');
    QTest::newRow("nothing") << QByteArray();
}

void BodyTextTest::ordinaryTextIsNotFolded()
{
    QFETCH(QByteArray, body);
    BodyText text;

    text.start(body);

    QCOMPARE(text.foldedCount(), 0);
    QVERIFY(!text.unfold(text.document()->firstBlock()));
}

void BodyTextTest::jsonIsColored()
{
    const Palette &colors = Theme::current();
    BodyText text;
    text.resize(400, 300);
    text.show();
    text.start("{\"name\": \"a \\\" b\",\n \"n\": -1.5e3, \"t\": true}");
    const QTextBlock line = text.document()->firstBlock();

    QTRY_COMPARE(colorAt(line, 1), colors.link);
    QCOMPARE(colorAt(line, 6), colors.link);
    QVERIFY(!colorAt(line, 0).isValid() && !colorAt(line, 7).isValid());
    QCOMPARE(colorAt(line, 10), colors.good.text);
    QCOMPARE(colorAt(line, 15), colors.good.text); // behind the quote that is escaped
    QCOMPARE(colorAt(line.next(), 6), colors.caution.text);
    QCOMPARE(colorAt(line.next(), 11), colors.caution.text);
    QCOMPARE(colorAt(line.next(), 21), colors.action.text);

    text.start("No JSON: \"a\", 1");
    QTest::qWait(20);
    QVERIFY(text.document()->firstBlock().layout()->formats().isEmpty());
}

// The colour of a text goes on where a long line is broken, and ends where the text does.
void BodyTextTest::linesThatAreBrokenKeepTheirColors()
{
    BodyText text;
    text.resize(4'000, 300);
    text.show();
    text.start("{\"a\":\"" + QByteArray(3'000, ' ') + "end\",\"b\":7}");
    const QTextBlock second = text.document()->firstBlock().next();
    QVERIFY(second.isValid());
    const int end = static_cast<int>(second.text().indexOf(u"end"_s));

    QTRY_COMPARE(colorAt(second, end), Theme::current().good.text);
    QCOMPARE(colorAt(second, static_cast<int>(second.text().indexOf(u'7'))),
             Theme::current().caution.text);
}

void BodyTextTest::onlyWhatIsSeenIsColored()
{
    BodyText text;
    text.resize(400, 200);
    text.show();
    text.start('[' + QByteArray("{\"a\":1},\n").repeated(20'000) + "1]");

    QTRY_VERIFY(!text.document()->firstBlock().layout()->formats().isEmpty());
    int colored = 0;
    for (QTextBlock line = text.document()->begin(); line.isValid(); line = line.next())
        colored += line.layout()->formats().isEmpty() ? 0 : 1;
    QVERIFY2(colored < 100, qPrintable(QString::number(colored)));

    text.verticalScrollBar()->setValue(text.verticalScrollBar()->maximum());
    QTRY_VERIFY(!text.document()->lastBlock().layout()->formats().isEmpty());
}

QTEST_MAIN(BodyTextTest)
#include "tst_bodytext.moc"
