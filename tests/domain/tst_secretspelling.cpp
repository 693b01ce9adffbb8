#include "domain/secretspelling.h"

#include <QTest>

using namespace gatehouse;

namespace {

const QByteArray secret("sk-KEYONE/with+slash=0123456789");

// Every character as JSON may write it.
QByteArray escaped(const QByteArray &text)
{
    QByteArray result;
    for (const char c : text)
        result += "\\u00" + QByteArray(1, c).toHex().toUpper();
    return result;
}

} // namespace

class SecretSpellingTest : public QObject
{
    Q_OBJECT

private slots:
    void masks_data();
    void masks();
    void leavesAlone_data();
    void leavesAlone();
    void otherSecrets();
    void base64WithinMore_data();
    void base64WithinMore();
    void findsAll();
};

void SecretSpellingTest::masks_data()
{
    QTest::addColumn<QByteArray>("spelling");

    const auto with = [](const char *plus, const char *slash, const char *equals) {
        return QByteArray(secret).replace('+', plus).replace('/', slash).replace('=', equals);
    };
    QTest::newRow("as it is") << secret;
    QTest::newRow("a slash escaped") << with("+", "\\/", "=");
    QTest::newRow("as .NET writes it") << with("\\u002B", "/", "\\u003D");
    QTest::newRow("in small letters") << with("\\u002b", "\\u002f", "\\u003d");
    QTest::newRow("every character") << escaped(secret);
    QTest::newRow("JSON in JSON") << with("\\\\u002B", "\\\\/", "\\\\u003D");
    QTest::newRow("in an address") << secret.toPercentEncoding();
    QTest::newRow("in an address, in small letters") << with("%2b", "%2f", "%3d");
    QTest::newRow("in HTML") << with("&#x2B;", "&#47;", "&#61;");
    QTest::newRow("in base64") << secret.toBase64(QByteArray::OmitTrailingEquals);
}

void SecretSpellingTest::masks()
{
    QFETCH(QByteArray, spelling);
    QByteArray text = "bad " + spelling + " here, " + spelling + " there";

    QVERIFY(domain::maySpell(text, secret));
    domain::maskSpelled(text, secret);

    QVERIFY2(text.startsWith("bad ***") && text.endsWith(" there"), text.constData());
    QVERIFY2(!text.contains("KEYONE") && !text.contains("0123456789"), text.constData());
    QVERIFY2(text.size() < 40, text.constData());

    if (spelling.startsWith("sk-") || spelling.startsWith('\\')) {
        for (const QByteArray &ellipsis : {QByteArray(), QByteArray("\u2026")}) {
            QByteArray cut = "bad " + spelling.chopped(2) + ellipsis;
            domain::maskSpelled(cut, secret);
            QCOMPARE(cut, "bad ***" + ellipsis);
        }
    }
}

void SecretSpellingTest::leavesAlone_data()
{
    QTest::addColumn<QByteArray>("text");

    QTest::newRow("nothing") << QByteArray();
    QTest::newRow("another") << QByteArray("sk-KEYTWO/with+slash=0123456789");
    QTest::newRow("too little at the end") << QByteArray("sk-KEYO");
    QTest::newRow("a beginning in the middle") << QByteArray("sk-KEYONE/with is none");
    QTest::newRow("broken escapes") << QByteArray(R"(\u00 \ud83d \\ % %4 %zz & &# &#x; &amp \)");
    QTest::newRow("no characters") << QByteArray("&#xFFFFFF; &#xD83D; &#999999; %ff %00 \\uDFFF");
    QTest::newRow("only backslashes") << QByteArray(100'000, '\\');
}

void SecretSpellingTest::leavesAlone()
{
    QFETCH(QByteArray, text);
    QByteArray masked = text;

    domain::maskSpelled(masked, secret);

    QCOMPARE(masked, text);
}

void SecretSpellingTest::otherSecrets()
{
    const auto masked = [](QByteArray text, const QByteArray &wanted) {
        domain::maskSpelled(text, wanted);
        return text;
    };
    QCOMPARE(masked("x a\\\\b\\\"c&d x", "a\\b\"c&d"), QByteArray("x *** x"));
    QCOMPARE(masked("x a&amp;b x", "a&b"), QByteArray("x *** x"));
    QCOMPARE(masked("x sch\\u00f6nes-wort x", "sch\u00f6nes-wort"), QByteArray("x *** x"));
    QCOMPARE(masked("x sch%C3%B6nes-wort x", "sch\u00f6nes-wort"), QByteArray("x *** x"));
    QCOMPARE(masked("abcabcabd", "abcabd"), QByteArray("abc***"));
    QVERIFY(!domain::maySpell("req_0123456789abcdef0123456789abcdef", secret));
    QVERIFY(!domain::maySpell("chatcmpl-AbCdEfGhIjKlMnOpQrStUvWxYz0123456789", secret));
    QVERIFY(!domain::maySpell("stop", "four"));
    QVERIFY(domain::maySpell("a four", "four"));
}

void SecretSpellingTest::base64WithinMore_data()
{
    QTest::addColumn<QByteArray>("before");
    for (const char *before : {"a", "ab", "abc", "user:"})
        QTest::newRow(before) << QByteArray(before);
}

void SecretSpellingTest::base64WithinMore()
{
    QFETCH(QByteArray, before);
    for (const auto option : {QByteArray::Base64Encoding, QByteArray::Base64UrlEncoding}) {
        QByteArray text = "Basic " + QByteArray(before + secret + "?>?>").toBase64(option);
        QVERIFY(domain::maySpell(text, secret));
        domain::maskSpelled(text, secret);
        QVERIFY2(text.contains("***") && text.size() < 30, text.constData());
    }
}

void SecretSpellingTest::findsAll()
{
    const QByteArray text = "1 " + secret + " 2 " + escaped(secret);

    const domain::Stretch first = domain::findSpelled(text, secret);
    QCOMPARE(first.at, 2);
    QCOMPARE(first.length, secret.size());
    const domain::Stretch second = domain::findSpelled(text, secret, first.at + first.length);
    QCOMPARE(second.length, 6 * secret.size());
    QCOMPARE(domain::findSpelled(text, secret, second.at + second.length).length, 0);
    // Only what may have been cut ends with a beginning.
    QCOMPARE(domain::findSpelled("x sk-KEYONE", secret).length, 0);
    QCOMPARE(domain::findSpelled("x sk-KEYONE", secret, 0, 4).length, 9);
}

QTEST_APPLESS_MAIN(SecretSpellingTest)
#include "tst_secretspelling.moc"
