#include "base/redaction.h"

#include <QTest>

using namespace Qt::StringLiterals;

namespace gatehouse::base {

class RedactionTest : public QObject
{
    Q_OBJECT

private slots:
    void masksWhatLooksLikeASecret_data();
    void masksWhatLooksLikeASecret();
    void leavesOrdinaryText_data();
    void leavesOrdinaryText();
    void masksWhatIsKnown();
    void escapesControlCharacters_data();
    void escapesControlCharacters();
};

void RedactionTest::masksWhatLooksLikeASecret_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("secret");

    QTest::newRow("OpenAI's key") << u"sent sk-abcdEFGH12345678 on"_s << u"abcdEFGH12345678"_s;
    QTest::newRow("a project's key") << u"sk-proj-AbC_dEf-123456789"_s << u"AbC_dEf-123456789"_s;
    QTest::newRow("Anthropic's key") << u"key=sk-ant-api03-AAAABBBBCCCC"_s << u"AAAABBBBCCCC"_s;
    QTest::newRow("Google's key") << u"AIzaSyA1234567890abcdefghijklmnop"_s
                                  << u"SyA1234567890abcdefghijklmnop"_s;
    QTest::newRow("Groq's key") << u"gsk_1234567890abcdefgh"_s << u"1234567890abcdefgh"_s;
    QTest::newRow("a bearer credential") << u"Bearer abcdef123456"_s << u"abcdef123456"_s;
    QTest::newRow("in lower case") << u"bearer abcdef123456"_s << u"abcdef123456"_s;
    QTest::newRow("a basic credential") << u"Basic dXNlcjpwYXNz"_s << u"dXNlcjpwYXNz"_s;
    QTest::newRow("Gemini's parameter")
        << u"GET /v1beta/models?key=quiteSecret&alt=sse"_s << u"quiteSecret"_s;
    QTest::newRow("a later parameter") << u"/x?a=b&access_token=tttt"_s << u"tttt"_s;
    QTest::newRow("a header") << u"x-api-key: plainsecret"_s << u"plainsecret"_s;
    QTest::newRow("a cookie") << u"Cookie: session=abcdef"_s << u"session=abcdef"_s;
    QTest::newRow("a member of JSON")
        << u"{\"password\":\"correct-horse\"}"_s << u"correct-horse"_s;
    QTest::newRow("a password in an address")
        << u"postgresql://gate:s3cr3t@host/db"_s << u"s3cr3t"_s;
}

void RedactionTest::masksWhatLooksLikeASecret()
{
    QFETCH(QString, text);
    QFETCH(QString, secret);

    const QString result = redacted(text);

    QVERIFY2(!result.contains(secret), qPrintable(result));
    QVERIFY2(result.contains(u"***"_s), qPrintable(result));
}

void RedactionTest::leavesOrdinaryText_data()
{
    QTest::addColumn<QString>("text");

    QTest::newRow("nothing") << QString();
    QTest::newRow("a sentence") << u"Channel 7 (gpt-4o-mini) answered 429 after 12 ms."_s;
    QTest::newRow("an address without a password") << u"http://127.0.0.1:3000/v1/models"_s;
    QTest::newRow("letters of any script") << u"Kanal „Büro“ – 日本語"_s;
    QTest::newRow("a short word behind sk-") << u"ask-me sk-short"_s;
}

void RedactionTest::leavesOrdinaryText()
{
    QFETCH(QString, text);

    QCOMPARE(redacted(text), text);
}

// Keys of some providers look like anything.
void RedactionTest::masksWhatIsKnown()
{
    setKnownSecrets({Secret(QByteArray("0b6e2d8f4c.tail")), Secret(QByteArray("ollama"))});
    QCOMPARE(redacted(u"refused 0b6e2d8f4c.tail by ollama"_s), u"refused *** by ollama"_s);

    setKnownSecrets(
        {Secret(QByteArray("begin-of-a")), Secret(QByteArray("begin-of-a-longer-one"))});
    QCOMPARE(redacted(u"begin-of-a-longer-one, begin-of-a"_s), u"***, ***"_s);
    setKnownSecrets({Secret(QByteArray("identity-of-a-cloud|secret-of-the-cloud|eu-west-1"))});
    QCOMPARE(redacted(u"secret-of-the-cloud of identity-of-a-cloud in eu-west-1"_s),
             u"*** of *** in eu-west-1"_s);

    // Those of others stay known.
    setKnownSecrets({Secret(QByteArray("token-of-the-metrics"))}, SecretsOf::Integrations);
    setKnownSecrets({});
    QCOMPARE(redacted(u"refused 0b6e2d8f4c.tail"_s), u"refused 0b6e2d8f4c.tail"_s);
    QCOMPARE(redacted(u"refused token-of-the-metrics"_s), u"refused ***"_s);
    setKnownSecrets({}, SecretsOf::Integrations);
    QCOMPARE(redacted(u"refused token-of-the-metrics"_s), u"refused token-of-the-metrics"_s);
}

void RedactionTest::escapesControlCharacters_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("escaped");

    QTest::newRow("a line break") << u"one\ntwo"_s << u"one\\u000atwo"_s;
    QTest::newRow("a carriage return") << u"one\rtwo"_s << u"one\\u000dtwo"_s;
    QTest::newRow("an escape sequence") << u"\x1b[31mred"_s << u"\\u001b[31mred"_s;
    QTest::newRow("a NUL") << QString(QChar(u'\0')) << u"\\u0000"_s;
    QTest::newRow("a line separator") << QString(QChar(0x2028)) << u"\\u2028"_s;
    QTest::newRow("an order from right to left") << QString(QChar(0x202e)) << u"\\u202e"_s;
}

void RedactionTest::escapesControlCharacters()
{
    QFETCH(QString, text);
    QFETCH(QString, escaped);

    QCOMPARE(redacted(text), escaped);
}

} // namespace gatehouse::base

QTEST_GUILESS_MAIN(gatehouse::base::RedactionTest)
#include "tst_redaction.moc"
