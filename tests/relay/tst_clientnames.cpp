#include "relay/admission/clientnames.h"

#include "protocol/peek.h"

#include <QtTest>

using namespace gatehouse;

class ClientNamesTest : public QObject
{
    Q_OBJECT

private slots:
    void programsAreKnown_data();
    void programsAreKnown();
    void sessions_data();
    void sessions();
    void sessionsInBodies_data();
    void sessionsInBodies();
};

void ClientNamesTest::programsAreKnown_data()
{
    QTest::addColumn<QByteArray>("userAgent");
    QTest::addColumn<QByteArray>("name");

    const auto row = [](const char *userAgent, const char *name) {
        QTest::newRow(userAgent) << QByteArray(userAgent) << QByteArray(name);
    };
    row("claude-cli/2.0.14 (external, cli)", "Claude Code");
    row("codex_cli_rs/0.46.0 (Ubuntu 24.4.0; x86_64) xterm", "Codex");
    row("GeminiCLI/0.9.0/gemini-2.5-pro (linux; x64)", "Gemini CLI");
    row("opencode/0.14.1", "OpenCode");
    row("Mozilla/5.0 (X11) AppleWebKit CherryStudio/1.6.3 Chrome/138 Electron/37", "Cherry Studio");
    row("Cline/3.32.6", "Cline");
    row("Zed/0.206.6 (linux; x86_64)", "Zed");
    row("curl/8.5.0", "cURL");
    row("OpenAI/Python 2.3.0", "Python");
    row("AsyncAnthropic/Python 0.69.0", "Python");
    row("python-requests/2.32.3", "Python");
    row("OpenAI/JS 6.1.0", "Node SDK");
    row("google-genai-sdk/1.20.0 gl-node/v22.0.0", "Node SDK");
    row("Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0", "Browser");
    row("something else", "");
    row("", "");
}

void ClientNamesTest::programsAreKnown()
{
    QFETCH(QByteArray, userAgent);
    QFETCH(QByteArray, name);
    relay::ClientNames names;

    QCOMPARE(names.of(userAgent), name);
    QCOMPARE(names.of(userAgent), name); // remembered
}

void ClientNamesTest::sessions_data()
{
    QTest::addColumn<QByteArrayList>("fields"); // name and value in turn
    QTest::addColumn<QByteArray>("fromBody");
    QTest::addColumn<QByteArray>("session");

    QTest::newRow("none") << QByteArrayList{"Accept", "*/*"} << QByteArray() << QByteArray();
    QTest::newRow("made for it") << QByteArrayList{"session_id", "b", "X-Session-Id", "a"}
                                 << QByteArray("c") << QByteArray("a");
    QTest::newRow("Claude Code") << QByteArrayList{"X-Claude-Code-Session-Id", "a"}
                                 << QByteArray("c") << QByteArray("a");
    QTest::newRow("Codex") << QByteArrayList{"session_id", "b"} << QByteArray() << QByteArray("b");
    QTest::newRow("the body before affinity")
        << QByteArrayList{"x-session-affinity", "a"} << QByteArray("c") << QByteArray("c");
    QTest::newRow("affinity") << QByteArrayList{"x-session-affinity", "a"} << QByteArray()
                              << QByteArray("a");
    QTest::newRow("too long") << QByteArrayList{"x-session-id", QByteArray(5'000, 'x')}
                              << QByteArray() << QByteArray(200, 'x');
}

void ClientNamesTest::sessions()
{
    QFETCH(QByteArrayList, fields);
    QFETCH(QByteArray, fromBody);
    QFETCH(QByteArray, session);
    http::Headers headers;
    for (qsizetype i = 0; i < fields.size(); i += 2)
        headers.add(fields.at(i), fields.at(i + 1));

    QCOMPARE(relay::sessionOf(headers, fromBody), session);
}

void ClientNamesTest::sessionsInBodies_data()
{
    QTest::addColumn<QByteArray>("member");
    QTest::addColumn<QByteArray>("session");

    QTest::newRow("none") << QByteArray("\"x\":1") << QByteArray();
    QTest::newRow("cache key") << QByteArray("\"prompt_cache_key\":\"abc\"") << QByteArray("abc");
    QTest::newRow("user id") << QByteArray(
        R"("metadata":{"user_id":"user_12_account__session_4e-5f"})")
                             << QByteArray("4e-5f");
    QTest::newRow("user id in JSON")
        << QByteArray(R"("metadata":{"user_id":"{\"session_id\":\"4e\"}"})") << QByteArray("4e");
    QTest::newRow("a user without session")
        << QByteArray(R"("metadata":{"user_id":"ann"})") << QByteArray();
    QTest::newRow("not an object") << QByteArray(R"("metadata":[1])") << QByteArray();
    QTest::newRow("not a text") << QByteArray(R"("prompt_cache_key":{})") << QByteArray();
    QTest::newRow("twice") << QByteArray(R"("prompt_cache_key":"a","prompt_cache_key":"b")")
                           << QByteArray("b");
}

void ClientNamesTest::sessionsInBodies()
{
    QFETCH(QByteArray, member);
    QFETCH(QByteArray, session);
    QByteArray body = "{\"model\":\"m\",\"messages\":[]," + member + "}";
    const qsizetype size = body.size();
    body.append(protocol::peekPadding, '\0');

    const auto peek =
        protocol::peek(QByteArrayView(body).first(size), protocol::Operation::Messages);

    QVERIFY2(peek, peek ? "" : qPrintable(peek.error().message.english()));
    QCOMPARE(peek->session, session);
}

QTEST_GUILESS_MAIN(ClientNamesTest)
#include "tst_clientnames.moc"
