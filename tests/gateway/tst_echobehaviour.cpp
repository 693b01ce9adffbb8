#include "gateway/echo/echobehaviour.h"
#include "gateway/echo/echoprompt.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace Qt::StringLiterals;

namespace gatehouse::gateway {

namespace {

const QByteArray weatherSchema = R"({"type":"object","required":["city","days"],"properties":{
"city":{"type":"string","minLength":6},"days":{"type":"integer","minimum":3},
"unit":{"enum":["c","f"]},"hours":{"type":"array","minItems":2,"items":{"type":"boolean"}},
"place":{"type":["object","null"],"properties":{"zip":{"type":"NUMBER"}}}}})";

} // namespace

// What a name of a model and a prompt ask of the built-in provider.
class EchoBehaviourTest : public QObject
{
    Q_OBJECT

private slots:
    void parsesBehaviour_data();
    void parsesBehaviour();
    void joinsPiecesToTheText_data();
    void joinsPiecesToTheText();
    void makesValidArguments();
};

void EchoBehaviourTest::parsesBehaviour_data()
{
    QTest::addColumn<QString>("model");
    QTest::addColumn<EchoBehaviour>("expected");

    using std::chrono::milliseconds;
    QTest::newRow("plain") << u"echo"_s << EchoBehaviour{};
    QTest::newRow("another name") << u"gpt-fast-cut"_s << EchoBehaviour{};
    QTest::newRow("unknown words") << u"echo-mini-2026"_s << EchoBehaviour{};
    QTest::newRow("no gaps") << u"echo-fast"_s << EchoBehaviour{.gap = milliseconds(0)};
    QTest::newRow("delay") << u"echo-slow-500ms"_s << EchoBehaviour{.delay = milliseconds(500)};
    QTest::newRow("delay in seconds")
        << u"echo-slow-2s"_s << EchoBehaviour{.delay = milliseconds(2000)};
    QTest::newRow("gap") << u"echo-gap-100ms"_s << EchoBehaviour{.gap = milliseconds(100)};
    QTest::newRow("status") << u"echo-error-429"_s << EchoBehaviour{.errorStatus = 429};
    QTest::newRow("status out of range")
        << u"echo-error-200"_s << EchoBehaviour{.errorStatus = 500};
    QTest::newRow("status without number") << u"echo-error"_s << EchoBehaviour{.errorStatus = 500};
    QTest::newRow("words") << u"echo-long-1000"_s << EchoBehaviour{.words = 1000};
    QTest::newRow("too many words")
        << u"echo-long-99999999"_s << EchoBehaviour{.words = EchoBehaviour::mostWords};
    QTest::newRow("several") << u"echo-fast-long-30-nousage-cut"_s
                             << EchoBehaviour{.gap = milliseconds(0),
                                              .words = 30,
                                              .cut = true,
                                              .noUsage = true};
}

void EchoBehaviourTest::parsesBehaviour()
{
    QFETCH(QString, model);
    QFETCH(EchoBehaviour, expected);

    QVERIFY(echoBehaviour(model) == expected);
}

void EchoBehaviourTest::joinsPiecesToTheText_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<qsizetype>("count");

    QTest::newRow("empty") << QString() << qsizetype(0);
    QTest::newRow("one word") << u"word"_s << qsizetype(1);
    QTest::newRow("spaces at both ends") << u"  two  words \n"_s << qsizetype(2);
    QTest::newRow("only spaces") << u"   "_s << qsizetype(1);
    QTest::newRow("a long word") << QString(50, u'x') << qsizetype(3);
    QTest::newRow("no surrogate pair is cut")
        << QString(QString(23, u'x') + u"\U0001F600\U0001F600"_s) << qsizetype(2);
}

void EchoBehaviourTest::joinsPiecesToTheText()
{
    QFETCH(QString, text);
    QFETCH(qsizetype, count);

    const QStringList pieces = echoPieces(text, 1000);

    QCOMPARE(pieces.join(QString()), text);
    QCOMPARE(pieces.size(), count);
    QCOMPARE(echoTokens(text), qint64(count));
    for (const QString &piece : pieces)
        QVERIFY(!piece.back().isHighSurrogate());
}

void EchoBehaviourTest::makesValidArguments()
{
    const QJsonObject schema = QJsonDocument::fromJson(weatherSchema).object();

    const QJsonObject arguments = echoArguments(schema);

    QVERIFY(arguments[u"city"_s].toString().size() >= 6);
    QCOMPARE(arguments[u"days"_s].toInt(), 3);
    QCOMPARE(arguments[u"unit"_s].toString(), u"c"_s);
    QCOMPARE(arguments[u"hours"_s].toArray(), (QJsonArray{true, true}));
    QVERIFY(arguments[u"place"_s][u"zip"_s].isDouble());
}

} // namespace gatehouse::gateway

using gatehouse::gateway::EchoBehaviourTest;
QTEST_GUILESS_MAIN(EchoBehaviourTest)
#include "tst_echobehaviour.moc"
