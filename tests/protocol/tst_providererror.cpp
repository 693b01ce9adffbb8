#include "protocol/providererror.h"

#include <QTest>

using namespace gatehouse;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using domain::Dialect;
using protocol::ErrorClass;
using protocol::ProviderError;

Q_DECLARE_METATYPE(gatehouse::domain::Dialect)

namespace {

http::Headers fields(const QList<std::pair<QByteArray, QByteArray>> &list)
{
    http::Headers headers;
    for (const auto &[name, value] : list)
        headers.add(name, value);
    return headers;
}

} // namespace

class ProviderErrorTest : public QObject
{
    Q_OBJECT

private slots:
    void types_data();
    void types();
    void doesNotTypeByWords_data();
    void doesNotTypeByWords();
    void readsRetryAfter_data();
    void readsRetryAfter();
    void readsRetryInfo();
    void cleansMessage_data();
    void cleansMessage();
    void survivesWrongTypes_data();
    void survivesWrongTypes();
    void namesClasses();
};

void ProviderErrorTest::types_data()
{
    QTest::addColumn<Dialect>("dialect");
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<int>("kind");
    QTest::addColumn<QString>("message"); // its beginning

    const auto row = [](const char *name,
                        Dialect dialect,
                        int status,
                        const char *body,
                        ErrorClass kind,
                        const char *message) {
        QTest::newRow(name) << dialect << status << QByteArray(body) << int(kind)
                            << QString::fromUtf8(message);
    };
    constexpr Dialect openAi = Dialect::OpenAi;
    constexpr Dialect anthropic = Dialect::Anthropic;
    constexpr Dialect gemini = Dialect::Gemini;
    row("wrong key",
        openAi,
        401,
        R"({"error":{"message":"Incorrect API key provided","type":"invalid_request_error","param":null,"code":"invalid_api_key"}})",
        ErrorClass::Authentication,
        "Incorrect API key");
    row("wrong key under the code of a mistake",
        openAi,
        401,
        R"({"error":{"message":"Authentication Fails","type":"authentication_error","code":"invalid_request_error"}})",
        ErrorClass::Authentication,
        "Authentication Fails");
    row("quota used up",
        openAi,
        429,
        R"({"error":{"message":"You exceeded your current quota","type":"insufficient_quota","code":"insufficient_quota"}})",
        ErrorClass::OutOfCredit,
        "You exceeded");
    row("too fast",
        openAi,
        429,
        R"({"error":{"message":"Rate limit reached","type":"tokens","code":"rate_limit_exceeded"}})",
        ErrorClass::RateLimited,
        "Rate limit");
    row("balance of DeepSeek",
        openAi,
        402,
        R"({"error":{"message":"Insufficient Balance","type":"unknown_error","param":null,"code":"invalid_request_error"}})",
        ErrorClass::OutOfCredit,
        "Insufficient Balance");
    row("context too long",
        openAi,
        400,
        R"({"error":{"message":"maximum context length","type":"invalid_request_error","code":"context_length_exceeded"}})",
        ErrorClass::ClientMistake,
        "maximum");
    row("unknown model",
        openAi,
        404,
        R"({"error":{"message":"The model x does not exist","type":"invalid_request_error","code":"model_not_found"}})",
        ErrorClass::ModelNotFound,
        "The model");
    row("unknown model of Mistral",
        openAi,
        400,
        R"({"object":"error","message":"Invalid model: x","type":"invalid_model","param":null,"code":"1500"})",
        ErrorClass::ModelNotFound,
        "Invalid model");
    row("Azure's filter",
        openAi,
        400,
        R"({"error":{"message":"filtered","type":null,"param":"prompt","code":"content_filter","status":400}})",
        ErrorClass::ContentRefused,
        "filtered");
    row("OpenRouter's moderation",
        openAi,
        403,
        R"({"error":{"code":403,"message":"Input flagged","metadata":{"reasons":["violence"],"flagged_input":"…"}}})",
        ErrorClass::ContentRefused,
        "Input flagged");
    row("OpenRouter names its provider's words",
        openAi,
        502,
        R"({"error":{"code":502,"message":"Provider returned error","metadata":{"raw":"upstream said no","provider_name":"X"}}})",
        ErrorClass::ServerFault,
        "Provider returned error: upstream said no");
    row("forbidden country",
        openAi,
        403,
        R"({"error":{"code":"unsupported_country_region_territory","message":"Country not supported","type":"request_forbidden"}})",
        ErrorClass::Authentication,
        "Country");
    row("server error",
        openAi,
        500,
        R"({"error":{"message":"oops","type":"server_error","code":null}})",
        ErrorClass::ServerFault,
        "oops");
    row("overloaded",
        openAi,
        503,
        R"({"error":{"message":"busy","type":"server_error"}})",
        ErrorClass::Overloaded,
        "busy");
    row("validation of a FastAPI server",
        openAi,
        422,
        R"({"detail":[{"loc":["body"],"msg":"field required"}]})",
        ErrorClass::ClientMistake,
        "The provider reported");
    row("a detail",
        openAi,
        400,
        R"({"detail":"Bad thing"})",
        ErrorClass::ClientMistake,
        "Bad thing");
    row("Ollama",
        openAi,
        500,
        R"({"error":"llama runner process has terminated"})",
        ErrorClass::ServerFault,
        "llama runner");
    row("One API's envelope",
        openAi,
        200,
        R"({"success":false,"message":"Not allowed"})",
        ErrorClass::ServerFault,
        "Not allowed");
    row("Anthropic: overloaded",
        anthropic,
        529,
        R"({"type":"error","error":{"type":"overloaded_error","message":"Overloaded"},"request_id":"r"})",
        ErrorClass::Overloaded,
        "Overloaded");
    row("Anthropic: key",
        anthropic,
        401,
        R"({"type":"error","error":{"type":"authentication_error","message":"invalid x-api-key"}})",
        ErrorClass::Authentication,
        "invalid x-api-key");
    row("Anthropic: credit",
        anthropic,
        400,
        R"({"type":"error","error":{"type":"invalid_request_error","message":"Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing."}})",
        ErrorClass::OutOfCredit,
        "Your credit balance");
    row("Anthropic: spend limit by its code",
        anthropic,
        400,
        R"({"type":"error","error":{"type":"invalid_request_error","message":"x","details":{"error_code":"enforced_spend_limit_reached"}}})",
        ErrorClass::OutOfCredit,
        "x");
    row("Anthropic: too large",
        anthropic,
        413,
        R"({"type":"error","error":{"type":"request_too_large","message":"Too large"}})",
        ErrorClass::ClientMistake,
        "Too large");
    row("Anthropic: model",
        anthropic,
        404,
        R"({"type":"error","error":{"type":"not_found_error","message":"model: x"}})",
        ErrorClass::ModelNotFound,
        "model: x");
    row("Gemini: key",
        gemini,
        400,
        R"({"error":{"code":400,"message":"API key not valid. Please pass a valid API key.","status":"INVALID_ARGUMENT","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"API_KEY_INVALID","domain":"googleapis.com"}]}})",
        ErrorClass::Authentication,
        "API key not valid");
    row("Gemini: key without details",
        gemini,
        400,
        R"({"error":{"code":400,"message":"API key not valid. Please pass a valid API key.","status":"INVALID_ARGUMENT"}})",
        ErrorClass::Authentication,
        "API key not valid");
    row("Gemini: key of which others know",
        gemini,
        403,
        R"({"error":{"code":403,"message":"Your API key was reported as leaked. Please use another API key.","status":"PERMISSION_DENIED"}})",
        ErrorClass::Authentication,
        "Your API key was");
    row("Gemini: service that is switched off",
        gemini,
        403,
        R"({"error":{"code":403,"message":"Not used before","status":"PERMISSION_DENIED","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"SERVICE_DISABLED"}]}})",
        ErrorClass::Authentication,
        "Not used before");
    row("Gemini: key that is blocked",
        gemini,
        403,
        R"({"error":{"code":403,"message":"Blocked","status":"PERMISSION_DENIED","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"API_KEY_IP_ADDRESS_BLOCKED"}]}})",
        ErrorClass::Authentication,
        "Blocked");
    row("Gemini: somebody else's file",
        gemini,
        403,
        R"({"error":{"code":403,"message":"You do not have permission to access the File abc or it may not exist.","status":"PERMISSION_DENIED"}})",
        ErrorClass::Forbidden,
        "You do not have permission");
    row("Gemini: file that is not ready",
        gemini,
        400,
        R"({"error":{"code":400,"message":"The File abc is not in an ACTIVE state","status":"FAILED_PRECONDITION"}})",
        ErrorClass::Forbidden,
        "The File abc");
    row("Anthropic: no permission",
        anthropic,
        403,
        R"({"type":"error","error":{"type":"permission_error","message":"Not for you"}})",
        ErrorClass::Forbidden,
        "Not for you");
    row("403 without a reason",
        openAi,
        403,
        R"({"error":{"message":"You are not allowed to sample from this model","type":"invalid_request_error"}})",
        ErrorClass::Forbidden,
        "You are not allowed");
    row("nothing at 403", openAi, 403, "", ErrorClass::Forbidden, "The provider answered with");
    row("Gemini: quota",
        gemini,
        429,
        R"({"error":{"code":429,"message":"Quota exceeded","status":"RESOURCE_EXHAUSTED"}})",
        ErrorClass::RateLimited,
        "Quota exceeded");
    row("Gemini: overloaded",
        gemini,
        503,
        R"({"error":{"code":503,"message":"The model is overloaded.","status":"UNAVAILABLE"}})",
        ErrorClass::Overloaded,
        "The model is");
    row("Gemini: model",
        gemini,
        404,
        R"([{"error":{"code":404,"message":"models/x is not found","status":"NOT_FOUND"}}])",
        ErrorClass::ModelNotFound,
        "models/x");
    row("Gemini: mistake",
        gemini,
        400,
        R"({"error":{"code":400,"message":"Invalid value","status":"INVALID_ARGUMENT"}})",
        ErrorClass::ClientMistake,
        "Invalid value");
    row("web page at 404",
        openAi,
        404,
        "<html><h1>404 Not Found</h1></html>",
        ErrorClass::NotUnderstood,
        "The provider answered with a web page");
    row("web page of a firewall",
        openAi,
        403,
        "<!doctype html><title>Blocked</title>",
        ErrorClass::NotUnderstood,
        "The provider answered with a web page");
    for (const int status : {413, 414, 415, 422, 431}) {
        const QByteArray name = "web page at " + QByteArray::number(status);
        row(name.constData(),
            openAi,
            status,
            "<html><head><title>No</title></head></html>",
            ErrorClass::ClientMistake,
            "The provider answered with a web page and status");
    }
    row("web page at 400",
        openAi,
        400,
        "<html>Bad Request</html>",
        ErrorClass::NotUnderstood,
        "The provider answered with a web page");
    row("web page of a gateway",
        openAi,
        502,
        "<html>Bad Gateway</html>",
        ErrorClass::ServerFault,
        "The provider answered with a web page");
    row("no such path",
        openAi,
        404,
        R"({"detail":"Not Found"})",
        ErrorClass::NotUnderstood,
        "The provider has nothing at this address");
    row("no such method", openAi, 405, "", ErrorClass::NotUnderstood, "The provider has nothing");
    row("redirect",
        openAi,
        302,
        "",
        ErrorClass::NotUnderstood,
        "The provider answered with a redirect");
    row("nothing at 500",
        openAi,
        500,
        "",
        ErrorClass::ServerFault,
        "The provider answered with status 500");
    row("nothing at 401",
        openAi,
        401,
        "",
        ErrorClass::Authentication,
        "The provider answered with");
    row("plain text",
        openAi,
        503,
        "upstream connect error",
        ErrorClass::Overloaded,
        "upstream connect");
    row("broken JSON", openAi, 400, R"({"error":{"mess)", ErrorClass::ClientMistake, R"({"error)");
    row("time out", openAi, 408, "", ErrorClass::ServerFault, "The provider answered");
    row("Cloudflare's own", openAi, 524, "", ErrorClass::ServerFault, "The provider answered");
    row("Groq's capacity",
        openAi,
        498,
        R"({"error":{"message":"full"}})",
        ErrorClass::Overloaded,
        "full");
}

void ProviderErrorTest::types()
{
    QFETCH(Dialect, dialect);
    QFETCH(int, status);
    QFETCH(QByteArray, body);
    QFETCH(int, kind);
    QFETCH(QString, message);

    const ProviderError error = protocol::classify(status, http::Headers(), body, dialect);

    QCOMPARE(int(error.kind), kind);
    QVERIFY2(error.message.english().startsWith(message), qPrintable(error.message.english()));
    QVERIFY(error.status >= 400 && error.status <= 599);
    if (status >= 400)
        QCOMPARE(error.status, status);
}

void ProviderErrorTest::doesNotTypeByWords_data()
{
    QTest::addColumn<QByteArray>("message");

    QTest::newRow("credit") << QByteArray("The field credit is not valid");
    QTest::newRow("balance") << QByteArray("Unbalanced balance of brackets");
    QTest::newRow("key") << QByteArray("invalid_api_key is no member of tools");
    QTest::newRow("a sentence further back")
        << QByteArray("The text said: Your credit balance is too low to access the Anthropic API");
    QTest::newRow("permission denied") << QByteArray("permission denied: insufficient_quota");
    QTest::newRow("rate limit") << QByteArray("rate_limit_exceeded, overloaded_error");
}

void ProviderErrorTest::doesNotTypeByWords()
{
    QFETCH(QByteArray, message);
    const QByteArray body =
        R"({"type":"error","error":{"type":"invalid_request_error","message":")" + message + "\"}}";

    for (const Dialect dialect : {Dialect::OpenAi, Dialect::Anthropic, Dialect::Gemini}) {
        const ProviderError error = protocol::classify(400, http::Headers(), body, dialect);
        QCOMPARE(int(error.kind), int(ErrorClass::ClientMistake));
    }
}

void ProviderErrorTest::readsRetryAfter_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<qint64>("seconds"); // -1: none

    const auto row = [](const char *title, const char *name, const char *value, qint64 seconds) {
        QTest::newRow(title) << QByteArray(name) << QByteArray(value) << seconds;
    };
    row("seconds", "Retry-After", "30", 30);
    row("with spaces", "retry-after", " 30 ", 30);
    row("fraction is rounded up", "Retry-After", "1.2", 2);
    row("milliseconds", "retry-after-ms", "1500", 2);
    row("zero", "Retry-After", "0", 0);
    row("too long", "Retry-After", "99999999999", 86'400);
    row("date", "Retry-After", "Sun, 06 Nov 1994 08:50:07 GMT", 30);
    row("date in the past", "Retry-After", "Sun, 06 Nov 1994 08:00:00 GMT", 0);
    row("date far away", "Retry-After", "Sun, 06 Nov 2094 08:49:37 GMT", -1);
    row("negative", "Retry-After", "-5", -1);
    row("text", "Retry-After", "soon", -1);
    row("infinite", "Retry-After", "inf", -1);
    row("beyond doubles", "Retry-After", "1e999", -1);
    row("empty", "Retry-After", "", -1);
    row("trailing", "Retry-After", "5s", -1);
}

void ProviderErrorTest::readsRetryAfter()
{
    QFETCH(QByteArray, name);
    QFETCH(QByteArray, value);
    QFETCH(qint64, seconds);
    const std::chrono::sys_seconds now(784'111'777s); // Sun, 06 Nov 1994 08:49:37 GMT

    const ProviderError error =
        protocol::classify(429, fields({{name, value}}), "{}", Dialect::OpenAi, now);

    QCOMPARE(error.retryAfter ? error.retryAfter->count() : -1, seconds);
}

void ProviderErrorTest::readsRetryInfo()
{
    const auto delayed = [](const QByteArray &delay) {
        const QByteArray body =
            R"({"error":{"code":429,"status":"RESOURCE_EXHAUSTED","message":"x","details":[{"@type":"type.googleapis.com/google.rpc.QuotaFailure"},{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":")"
            + delay + "\"}]}}";
        return protocol::classify(429, http::Headers(), body, Dialect::Gemini);
    };

    QCOMPARE(delayed("7s").retryAfter, 7s);
    QCOMPARE(delayed("7.25s").retryAfter, 8s);
    QCOMPARE(delayed("1e12s").retryAfter, 86'400s);
    QVERIFY(!delayed("-7s").retryAfter);
    QVERIFY(!delayed("7").retryAfter);
    QVERIFY(!delayed("s").retryAfter);
}

void ProviderErrorTest::cleansMessage_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("shown");

    QTest::newRow("as it is") << QByteArray("Grüße") << u"Grüße"_s;
    QTest::newRow("control characters") << QByteArray("a\r\nb\x1b[31mc\0d", 12) << u"a b [31mc d"_s;
    QTest::newRow("writing direction") << QByteArray("a\u202Eb\u200Bc") << u"a b c"_s;
    QTest::newRow("not UTF-8") << QByteArray("a\xFF") << u"a\uFFFD"_s;
    QTest::newRow("the key") << QByteArray("key sk-123456 and sk-123456x") << u"key *** and ***x"_s;
    QTest::newRow("the key, escaped") << QByteArray("key sk\\u002D123456") << u"key ***"_s;
    QTest::newRow("long") << QByteArray(2000, 'a') << QString(499, u'a') + u"…"_s;
    QTest::newRow("the key where it is cut")
        << QByteArray(QByteArray(496, 'a') + "sk-123456") << QString(496, u'a') + u"***"_s;
    QTest::newRow("pairs are not cut apart") << QByteArray("a" + QByteArray("😀").repeated(400))
                                             << QString(u'a' + u"😀"_s.repeated(249) + u"…"_s);
}

void ProviderErrorTest::cleansMessage()
{
    QFETCH(QByteArray, text);
    QFETCH(QString, shown);

    QCOMPARE(protocol::presentable(text, "sk-123456"), shown);
}

void ProviderErrorTest::survivesWrongTypes_data()
{
    QTest::addColumn<QByteArray>("body");

    for (
        const char *value :
        {"null",
         "1",
         "true",
         "[]",
         "{}",
         "[1]",
         "[[{}]]",
         R"([{"error":[{"error":{}}]}])",
         R"({"message":1,"type":[],"code":{},"status":true,"details":5,"metadata":[]})",
         R"({"message":{"message":"x"},"details":[1,null,{"@type":3}],"metadata":{"reasons":1,"raw":{}}})"})
        QTest::newRow(value) << QByteArray("{\"error\":" + QByteArray(value) + '}');
    QTest::newRow("bare array") << QByteArray("[]");
    QTest::newRow("array of arrays") << QByteArray("[[[{\"error\":\"x\"}]]]");
    QTest::newRow("number") << QByteArray("7");
}

void ProviderErrorTest::survivesWrongTypes()
{
    QFETCH(QByteArray, body);

    const ProviderError error = protocol::classify(500, http::Headers(), body, Dialect::OpenAi);

    QCOMPARE(int(error.kind), int(ErrorClass::ServerFault));
    QCOMPARE(error.status, 500);
    QVERIFY(!error.message.isEmpty());
}

void ProviderErrorTest::namesClasses()
{
    QCOMPARE(protocol::nameOf(ErrorClass::OutOfCredit), "out_of_credit");
    QCOMPARE(protocol::nameOf(ErrorClass::NotUnderstood), "not_understood");
    QCOMPARE(protocol::nameOf(ErrorClass::Forbidden), "forbidden");
}

QTEST_GUILESS_MAIN(ProviderErrorTest)
#include "tst_providererror.moc"
