#include "admin/channels/channelrecognition.h"

#include "domain/providertype.h"
#include "protocol/providerurl.h"

#include <QElapsedTimer>
#include <QTest>

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

namespace provider = domain::provider;
using Form = RecognizedChannel::Form;

// What the texts of a person say, and that no text does harm.
class ChannelRecognitionTest : public QObject
{
    Q_OBJECT

private slots:
    void typesOfKeys_data();
    void typesOfKeys();
    void severalKeys();
    void keysOfSeveralProviders();
    void curl();
    void curlOfAnotherAddress();
    void curlOfAnOwnPath_data();
    void curlOfAnOwnPath();
    void curlOfGemini();
    void curlWithAVariable_data();
    void curlWithAVariable();
    void environment();
    void commentsOfTheEnvironment_data();
    void commentsOfTheEnvironment();
    void environmentOfSeveralProviders();
    void links();
    void ownLinks();
    void nothing_data();
    void nothing();
    void longTexts();
};

static const QString anthropicKey = u"sk-ant-api03-0123456789abcdef"_s;

void ChannelRecognitionTest::typesOfKeys_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("type");

    QTest::newRow("Anthropic") << anthropicKey << provider::anthropic;
    QTest::newRow("Google") << u"AIzaSy0123456789abcdefghijk"_s << provider::gemini;
    QTest::newRow("OpenRouter") << u"sk-or-v1-0123456789abcdef"_s << provider::openRouter;
    QTest::newRow("Groq") << u"gsk_0123456789abcdefghij"_s << 29;
    QTest::newRow("xAI") << u"xai-0123456789abcdefghij"_s << 45;
    QTest::newRow("OpenAI's own form") << u"sk-proj-0123456789abcdef"_s << provider::openAi;
    QTest::newRow("many use it") << u"sk-0123456789abcdefghij"_s << 0;
    QTest::newRow("in quotes, with blanks")
        << u"  \"%1\",\r\n"_s.arg(anthropicKey) << provider::anthropic;
    QTest::newRow("with a zero-width space")
        << QString(QChar(0x200b)) + anthropicKey + QChar(0xfeff) << provider::anthropic;
}

void ChannelRecognitionTest::typesOfKeys()
{
    QFETCH(QString, text);
    QFETCH(int, type);

    const RecognizedChannel channel = recognizeChannel(text);

    QCOMPARE(channel.form, Form::Keys);
    QCOMPARE(channel.type, type);
    QCOMPARE(channel.keys.size(), 1);
    QVERIFY(!channel.keys.front().reveal().contains('"'));
    QVERIFY(!channel.keys.front().reveal().contains(' '));
}

void ChannelRecognitionTest::severalKeys()
{
    const QString text =
        anthropicKey + u"1\r\n\n"_s + anthropicKey + u"2\n"_s + anthropicKey + u'1';

    const RecognizedChannel channel = recognizeChannel(text);

    QCOMPARE(channel.keys.size(), 2);
    QCOMPARE(channel.keys[1].reveal(), (anthropicKey + u'2').toUtf8());
}

// All are told; whoever makes a channel of them takes those of one provider.
void ChannelRecognitionTest::keysOfSeveralProviders()
{
    const RecognizedChannel channel = recognizeChannel(
        u"abcdef0123456789abcdef\n%1\nAIzaSy0123456789abcdefghijk"_s.arg(anthropicKey));

    QCOMPARE(channel.form, Form::Keys);
    QCOMPARE(channel.type, provider::anthropic);
    QCOMPARE(channel.keys.size(), 3);
    const QByteArray google = channel.keys[2].reveal();
    QVERIFY(isKeyOfAnother(google, provider::anthropic));
    QVERIFY(!isKeyOfAnother(google, provider::gemini));
    QVERIFY(!isKeyOfAnother(google, provider::custom)); // may be a relay
    QVERIFY(!isKeyOfAnother("sk-0123456789abcdefghij", provider::anthropic));
    QVERIFY(recognizeChannel(anthropicKey + u"\nhttps://relay.example/v1"_s).isEmpty());
    QVERIFY(recognizeChannel(anthropicKey + u"\nand some words"_s).isEmpty());
}

void ChannelRecognitionTest::curl()
{
    const RecognizedChannel channel = recognizeChannel(
        u"curl https://api.anthropic.com/v1/messages \\\n"
        "  --header \"x-api-key: %1\" \\\n"
        "  -H 'content-type: application/json' \\\n"
        "  --data '{\"model\": \"claude-sonnet-4\", \"max_tokens\": 16}'"_s.arg(anthropicKey));

    QCOMPARE(channel.form, Form::CurlCommand);
    QCOMPARE(channel.type, provider::anthropic);
    QCOMPARE(channel.baseUrl, QString());
    QCOMPARE(channel.keys.front().reveal(), anthropicKey.toUtf8());
    QCOMPARE(channel.models, QStringList{u"claude-sonnet-4"_s});
}

void ChannelRecognitionTest::curlOfAnotherAddress()
{
    const RecognizedChannel channel =
        recognizeChannel(u"curl -sS -X POST 'https://llm.example.com:8443/team/v1/chat/completions'"
                         " -H \"Authorization: Bearer my-own-secret-0123\" -d '{not json'"_s);

    QCOMPARE(channel.type, provider::custom);
    QCOMPARE(channel.baseUrl, u"https://llm.example.com:8443/team"_s);
    QCOMPARE(channel.keys.front().reveal(), "my-own-secret-0123");
    QVERIFY(channel.models.isEmpty());
}

void ChannelRecognitionTest::curlOfAnOwnPath_data()
{
    QTest::addColumn<QString>("address");
    QTest::addColumn<QString>("key");

    const QString key = u"my-own-secret-0123"_s;
    QTest::newRow("another version")
        << u"https://api.example.net/api/paas/v4/chat/completions"_s << key;
    QTest::newRow("behind another dialect")
        << u"https://gem.example.org/proxy/v1beta/openai/chat/completions"_s
        << u"AIzaSy0123456789abcdefghijk"_s;
    QTest::newRow("no version") << u"https://llm.example.com:8443/chat/completions"_s << key;
    QTest::newRow("a version alone")
        << u"https://llm.example.com/v1beta/chat/completions"_s << u"sk-proj-0123456789abcdef"_s;
}

// What was pasted is what is called, wherever the key stands and whoever made it.
void ChannelRecognitionTest::curlOfAnOwnPath()
{
    QFETCH(QString, address);
    QFETCH(QString, key);

    const QString header = u" -H 'Authorization: Bearer %1'"_s.arg(key);
    const QString before = u"curl %1 %2"_s.arg(header, address);
    const QString behind = u"curl %1 %2"_s.arg(address, header);
    for (const QString &text : {before, behind}) {
        const RecognizedChannel channel = recognizeChannel(text);
        QCOMPARE(channel.type, provider::openAiCompatible);
        QCOMPARE(channel.keys.size(), 1);
        const domain::ProviderType *type = domain::providerType(channel.type);
        QCOMPARE(protocol::displayUrl(*type, channel.baseUrl.toUtf8()), address);
    }
}

// Its path names the model.
void ChannelRecognitionTest::curlOfGemini()
{
    const QString path = u"/v1beta/models/gemini-2.5-flash:generateContent"_s;
    const QString rest = u" -H 'x-goog-api-key: AIza0123456789abcdefgh' -d '{\"contents\": []}'"_s;

    const RecognizedChannel own =
        recognizeChannel(u"curl https://generativelanguage.googleapis.com"_s + path + rest);
    QCOMPARE(own.type, provider::gemini);
    QCOMPARE(own.baseUrl, QString());
    QCOMPARE(own.keys.size(), 1);
    QCOMPARE(own.models, QStringList{u"gemini-2.5-flash"_s});

    const RecognizedChannel relayed = recognizeChannel(u"curl 'https://relay.example.com/google"_s
                                                       + path + u"?alt=sse'"_s + rest);
    QCOMPARE(relayed.type, provider::gemini);
    QCOMPARE(relayed.baseUrl, u"https://relay.example.com/google"_s);
    QCOMPARE(relayed.models, QStringList{u"gemini-2.5-flash"_s});
}

void ChannelRecognitionTest::curlWithAVariable_data()
{
    QTest::addColumn<QString>("text");

    const QString url = u"curl https://generativelanguage.googleapis.com/v1beta/models/m:x"_s;
    QTest::newRow("header") << url + u" -H \"x-goog-api-key: $GEMINI_API_KEY\""_s;
    QTest::newRow("braces") << url + u" -H 'Authorization: Bearer ${GEMINI_API_KEY}'"_s;
    QTest::newRow("PowerShell") << url + u" -H \"x-goog-api-key: $env:GEMINI_API_KEY\""_s;
    QTest::newRow("address") << url + u"?key=$GEMINI_API_KEY"_s;
    QTest::newRow("braces in the address") << url + u"?key=${GEMINI_API_KEY}"_s;
}

// The key itself is not there, which is to be told.
void ChannelRecognitionTest::curlWithAVariable()
{
    QFETCH(QString, text);

    const RecognizedChannel channel = recognizeChannel(text);

    QCOMPARE(channel.type, provider::gemini);
    QVERIFY(channel.keys.isEmpty());
    QCOMPARE(channel.variable, u"GEMINI_API_KEY"_s);
}

void ChannelRecognitionTest::environment()
{
    const RecognizedChannel channel =
        recognizeChannel(u"# my keys\nexport DEEPSEEK_API_KEY='0123456789abcdef0123'\n"
                         "DEEPSEEK_MODEL=deepseek-chat\nPATH=/usr/bin\nLANG=C\n"_s);

    QCOMPARE(channel.form, Form::Environment);
    QCOMPARE(channel.type, 36);
    QCOMPARE(channel.keys.size(), 1);
    QCOMPARE(channel.models, QStringList{u"deepseek-chat"_s});
    const RecognizedChannel own = recognizeChannel(u"ANTHROPIC_AUTH_TOKEN=0123456789abcdef\n"
                                                   "ANTHROPIC_BASE_URL=https://relay.example/"_s);
    QCOMPARE(own.type, provider::anthropic);
    QCOMPARE(own.baseUrl, u"https://relay.example"_s);
}

void ChannelRecognitionTest::commentsOfTheEnvironment_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("key");

    const QString key = u"sk-proj-0123456789abcdef"_s;
    QTest::newRow("alone") << u"OPENAI_API_KEY=%1 # my key"_s.arg(key) << key;
    QTest::newRow("in a block") << u"# for tests\nOPENAI_API_KEY=%1\t# my key\nLANG=C # x\n"_s.arg(
        key) << key;
    QTest::newRow("in quotes") << u"export OPENAI_API_KEY=\"%1\" # my \"key\"\r\n"_s.arg(key)
                               << key;
    QTest::newRow("in single quotes") << u"OPENAI_API_KEY='%1';# my key"_s.arg(key) << key;
    QTest::newRow("no comment") << u"OPENAI_API_KEY=%1#2"_s.arg(key) << key + u"#2"_s;
}

void ChannelRecognitionTest::commentsOfTheEnvironment()
{
    QFETCH(QString, text);
    QFETCH(QString, key);

    const RecognizedChannel channel = recognizeChannel(text);

    QCOMPARE(channel.form, Form::Environment);
    QCOMPARE(channel.keys.size(), 1);
    QCOMPARE(channel.keys.front().reveal(), key.toUtf8());
}

// What belongs to another provider never comes into the channel.
void ChannelRecognitionTest::environmentOfSeveralProviders()
{
    const RecognizedChannel channel =
        recognizeChannel(u"ANTHROPIC_API_KEY=%1\nOPENROUTER_API_KEY=sk-or-v1-0123456789abcdef\n"
                         "OPENAI_BASE_URL=https://relay.example/v1\nOPENAI_MODEL=gpt-4o\n"
                         "GITHUB_TOKEN=ghp_0123456789abcdef\nANTHROPIC_AUTH_TOKEN=%1-2\n"
                         "ANTHROPIC_MODEL=claude-sonnet-4\n"_s.arg(anthropicKey));

    QCOMPARE(channel.type, provider::anthropic);
    QCOMPARE(channel.baseUrl, QString());
    QCOMPARE(channel.keys.size(), 2);
    QCOMPARE(channel.keys[0].reveal(), anthropicKey.toUtf8());
    QCOMPARE(channel.keys[1].reveal(), (anthropicKey + u"-2"_s).toUtf8());
    QCOMPARE(channel.models, QStringList{u"claude-sonnet-4"_s});
    QCOMPARE(channel.leftOut, QStringList({u"OPENROUTER_API_KEY"_s, u"GITHUB_TOKEN"_s}));
    const RecognizedChannel relay =
        recognizeChannel(u"OPENAI_BASE_URL=https://relay.example/v1\n"
                         "OPENAI_API_KEY=sk-0123456789abcdefghij\nGROQ_API_KEY=0123456789abcdef"_s);
    QCOMPARE(relay.baseUrl, u"https://relay.example"_s);
    QCOMPARE(relay.keys.size(), 1);
    QCOMPARE(relay.leftOut, QStringList{u"GROQ_API_KEY"_s});
}

void ChannelRecognitionTest::links()
{
    const RecognizedChannel first =
        recognizeChannel(u"ccswitch://v1/import?resource=provider&app=claude&name=My%20relay"
                         "&endpoint=https%3A%2F%2Frelay.example&apiKey=0123456789abcdef"_s);
    QCOMPARE(first.form, Form::Link);
    QCOMPARE(first.type, provider::anthropic);
    QCOMPARE(first.name, u"My relay"_s);
    QCOMPARE(first.baseUrl, u"https://relay.example"_s);
    QCOMPARE(first.keys.front().reveal(), "0123456789abcdef");

    const QByteArray inner = R"({"name":"x~~??","api_base_url":"https://api.deepseek.com/v1/chat/)"
                             R"(completions","api_key":"sk-0123456789abcdef","models":["a","b"]})";
    const QByteArray forUrls = inner.toBase64(QByteArray::Base64UrlEncoding);
    QVERIFY(forUrls != inner.toBase64());
    for (const QByteArray &data : {forUrls, inner.toBase64().toPercentEncoding()}) {
        const RecognizedChannel second =
            recognizeChannel(u"ccr://provider?data="_s + QString::fromLatin1(data));
        QCOMPARE(second.type, 36);
        QCOMPARE(second.keys.size(), 1);
        QCOMPARE(second.models.size(), 2);
    }
    const RecognizedChannel plain =
        recognizeChannel(u"ccr://provider?name=x&apiKey=0123456789abcdef&models=a,%20b"
                         "&url=https%3A%2F%2Frelay.example"_s);
    QCOMPARE(plain.models, QStringList({u"a"_s, u"b"_s}));
}

void ChannelRecognitionTest::ownLinks()
{
    const QString link = u"gatehouse://v1/import?resource=channel&"_s;

    const RecognizedChannel other = recognizeChannel(
        u" "_s + link
        + u"type=anthropic&name=R&base_url=https://relay.example/v1&key=short&models=a\n"_s);
    const RecognizedChannel own =
        recognizeChannel(link + u"type=openai&base_url=https://api.openai.com/v1"_s);
    const RecognizedChannel contrary =
        recognizeChannel(link + u"type=anthropic&base_url=https://api.openai.com"_s);
    const RecognizedChannel mixed =
        recognizeChannel(link + u"base_url=https://xn--pple-43d.example"_s);

    QCOMPARE(other.form, Form::Link);
    QCOMPARE(other.type, provider::anthropic);
    QCOMPARE(other.name, u"R"_s);
    QCOMPARE(other.baseUrl, u"https://relay.example"_s);
    QCOMPARE(other.keys.front().reveal(), "short");
    QCOMPARE(other.models, QStringList(u"a"_s));
    QCOMPARE(own.type, provider::openAi);
    QCOMPARE(own.baseUrl, QString());
    // The key must not go elsewhere than the link says.
    QCOMPARE(contrary.type, provider::anthropic);
    QCOMPARE(contrary.baseUrl, u"https://api.openai.com"_s);
    QCOMPARE(mixed.type, provider::custom);
    QCOMPARE(mixed.baseUrl, u"https://xn--pple-43d.example"_s);
    QVERIFY(recognizeChannel(u"gatehouse://v1/open?page=traffic"_s).isEmpty());
    QVERIFY(recognizeChannel(link + u"type=openai&script=x"_s).isEmpty());
}

void ChannelRecognitionTest::nothing_data()
{
    QTest::addColumn<QString>("text");

    QTest::newRow("empty") << QString();
    QTest::newRow("prose") << u"Please add my key to the gateway. Thanks!"_s;
    QTest::newRow("a key within prose") << u"my key is %1 thanks"_s.arg(anthropicKey);
    QTest::newRow("too short") << u"sk-1"_s;
    QTest::newRow("markup") << u"sk-<script>alert(1)</script>"_s;
    QTest::newRow("a bare cURL") << u"curl "_s;
    QTest::newRow("an unfinished quote") << u"curl -H 'Authorization: Bearer "_s;
    QTest::newRow("a shell's expansion") << u"curl -H 'x-api-key: $ANTHROPIC_API_KEY'"_s;
    QTest::newRow("a script's address") << u"curl javascript:alert(1)"_s;
    QTest::newRow("a file's address") << u"curl file:///etc/passwd"_s;
    QTest::newRow("an address with a user name") << u"curl https://a:b@example.com/v1"_s;
    QTest::newRow("a link without content") << u"ccswitch://v1/import?"_s;
    QTest::newRow("a link with broken content") << u"ccr://provider?data=%7B%7B%7B&config=%FF"_s;
    QTest::newRow("another link") << u"ccswitch://v2/other?apiKey=0123456789abcdef"_s;
    QTest::newRow("NUL and controls") << QString(64, QChar(0)) + QString(64, QChar(7));
    QTest::newRow("lone surrogates") << QString(64, QChar(0xd800));
}

void ChannelRecognitionTest::nothing()
{
    QFETCH(QString, text);

    const RecognizedChannel channel = recognizeChannel(text);

    QVERIFY(channel.isEmpty());
    QVERIFY(channel.keys.isEmpty());
}

void ChannelRecognitionTest::longTexts()
{
    QVERIFY(recognizeChannel(QString(10'000'000, u'a')).isEmpty());
    QVERIFY(recognizeChannel(u"curl "_s + QString(200'000, u'\\')).isEmpty());
    QVERIFY(recognizeChannel(u"sk-"_s + QString(1'000, u'a')).isEmpty());
    QString keys;
    for (int i = 0; i < 5'000; ++i)
        keys += u"sk-ant-%1\n"_s.arg(QString::number(i).rightJustified(20, u'0'));
    QVERIFY(recognizeChannel(keys).keys.size() <= 1'000);
    QString variables;
    for (int i = 0; i < 2'000; ++i)
        variables += u"A%1_API_KEY=0123456789abcdef%1\n"_s.arg(i);
    QVERIFY(recognizeChannel(variables).keys.size() <= 1'000);
}

} // namespace gatehouse::admin

QTEST_GUILESS_MAIN(gatehouse::admin::ChannelRecognitionTest)
#include "tst_channelrecognition.moc"
