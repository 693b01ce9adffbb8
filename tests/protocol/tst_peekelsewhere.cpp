#include "protocol/peeking.h"

#include <QTest>

using namespace gatehouse;
using protocol::Operation;
using tests::chat;
using tests::peekAt;

Q_DECLARE_METATYPE(gatehouse::protocol::Operation)

// Which requests are answered by what is not in them.
class PeekElsewhereTest : public QObject
{
    Q_OBJECT

private slots:
    void readsElsewhere_data();
    void readsElsewhere();
};

void PeekElsewhereTest::readsElsewhere_data()
{
    QTest::addColumn<Operation>("operation");
    QTest::addColumn<QByteArray>("members");
    QTest::addColumn<bool>("isElsewhere");

    const auto row =
        [](const char *name, Operation operation, const QByteArray &members, bool isElsewhere) {
            QTest::newRow(name) << operation << members << isElsewhere;
        };
    const Operation messages = Operation::Messages;
    const Operation gemini = Operation::GenerateContent;

    row("a text", chat, R"("messages":[{"content":"https://example.com/a.png"}])", false);
    row("a picture by its address",
        chat,
        R"("messages":[{"content":[{"image_url":{"url":"https://example.com/a.png"}}]}])",
        true);
    row("a picture in the body",
        chat,
        R"("messages":[{"content":[{"image_url":{"url":"data:image/png;base64,AA"}}]}])",
        false);
    row("a file", chat, R"("messages":[{"content":[{"file":{"file_id":"f"}}]}])", true);
    row("a picture by its address, for Anthropic",
        messages,
        R"("messages":[{"content":[{"source":{"type":"url","url":"https://example.com"}}]}])",
        true);
    row("a picture to be judged",
        Operation::Moderations,
        R"("input":[{"type":"image_url","image_url":{"url":"https://example.com/a.png"}}])",
        true);
    row("a picture for an embedding",
        Operation::Embeddings,
        R"("input":[{"image":"https://example.com/a.png"}])",
        true);
    row("the same in the body", Operation::Embeddings, R"("input":[{"image":"iVBORw"}])", false);

    row("functions",
        chat,
        R"("tools":[{"type":"function","function":{"name":"plugins","parameters":{"properties":)"
        R"({"googleSearch":{"type":"string"},"tools":{"type":"array"}}}}},{"type":"custom"}])",
        false);
    row("a search", chat, R"("web_search_options":{})", true);
    row("no search", chat, R"("web_search_options":null)", false);
    row("a search, switched on", chat, R"("enable_search":true)", true);
    row("a search, switched off", chat, R"("enable_search":false)", false);
    row("a tool of the provider", chat, R"("tools":[{"type":"web_search"}])", true);
    row("Anthropic's functions",
        messages,
        R"("tools":[{"name":"look","input_schema":{"type":"object"}}])",
        false);
    row("Anthropic's search",
        messages,
        R"("tools":[{"name":"look"},{"type":"web_search_20250305","name":"web_search"}])",
        true);
    row("servers of tools",
        messages,
        R"("mcp_servers":[{"type":"url","url":"https://example.com","name":"a"}])",
        true);
    row("Gemini's functions", gemini, R"("tools":[{"functionDeclarations":[]}])", false);
    row("Gemini's search", gemini, R"("tools":[{"google_search":{}}])", true);
}

void PeekElsewhereTest::readsElsewhere()
{
    QFETCH(Operation, operation);
    QFETCH(QByteArray, members);

    const auto peek = peekAt(R"({"model":"m",)" + members + '}', operation, "m");

    QVERIFY(peek);
    QTEST(peek->readsElsewhere, "isElsewhere");
}

QTEST_APPLESS_MAIN(PeekElsewhereTest)
#include "tst_peekelsewhere.moc"
