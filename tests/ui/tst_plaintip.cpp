#include "theme/plaintip.h"

#include <QTest>
#include <QTextDocument>

using namespace Qt::StringLiterals;

using namespace gatehouse::ui;

// What a tool tip shows of a text that was made for it.
class PlainTipTest : public QObject
{
    Q_OBJECT

private slots:
    void showsTextsAsTheyAre_data();
    void showsTextsAsTheyAre();
    void breaksLongLines();
    void leavesHarmlessTextsAlone();
};

namespace {

// As QTipLabel does.
QString shownOf(const QString &tip)
{
    if (!Qt::mightBeRichText(tip))
        return tip;
    QTextDocument document;
    document.setHtml(tip);
    return document.toPlainText();
}

} // namespace

void PlainTipTest::showsTextsAsTheyAre_data()
{
    QTest::addColumn<QString>("text");

    QTest::newRow("nothing") << QString();
    QTest::newRow("a comparison") << u"ttft:>10s"_s;
    QTest::newRow("an ampersand") << u"Salt & Pepper"_s;
    QTest::newRow("markup") << u"<b>bold</b> & <img src='file:///x'>"_s;
    QTest::newRow("an entity") << u"&lt;b&gt; and &amp;"_s;
    QTest::newRow("lines") << u"a > b\n<i>c</i>\nd"_s;
    QTest::newRow("markup below") << u"harmless\n<b>bold</b>"_s;
    QTest::newRow("a long one") << QString(QString(50, u'a') + u' ').repeated(100).trimmed();
}

void PlainTipTest::showsTextsAsTheyAre()
{
    QFETCH(QString, text);

    QCOMPARE(shownOf(plainTip(text)), text);
}

void PlainTipTest::breaksLongLines()
{
    QVERIFY(Qt::mightBeRichText(plainTip(QString(101, u'x'))));
}

void PlainTipTest::leavesHarmlessTextsAlone()
{
    QCOMPARE(plainTip(u"Details (F4)"_s), u"Details (F4)"_s);
}

QTEST_MAIN(PlainTipTest)
#include "tst_plaintip.moc"
