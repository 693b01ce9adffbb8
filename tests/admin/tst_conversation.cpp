#include "admin/traffic/conversation.h"

#include <QTest>

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

using Kind = ConversationItem::Kind;

class ConversationTest : public QObject
{
    Q_OBJECT

private slots:
    void dialects_data();
    void dialects();
    void answers_data();
    void answers();
    void streams_data();
    void streams();
    void picturesAndCacheMarks();
    void oddBodies_data();
    void oddBodies();
    void aCutRequestStillHasItsAnswer();
};

namespace {

QString nameOf(const ConversationItem &item)
{
    switch (item.kind) {
    case Kind::System:
        return u"system"_s;
    case Kind::Tools:
        return u"tools"_s;
    case Kind::User:
        return u"user"_s;
    case Kind::Assistant:
        return u"assistant"_s;
    case Kind::Reasoning:
        return u"reasoning"_s;
    case Kind::Tool:
        return u"tool"_s;
    case Kind::Image:
        return u"image"_s;
    case Kind::Earlier: // of no conversation that was read
    case Kind::Other:
        break;
    }
    return u"other"_s;
}

// "system:text tool(name):arguments=result", each on a line; answers begin with ">".
QString written(const Conversation &conversation)
{
    QStringList lines;
    for (const ConversationItem &item : conversation.items) {
        QString line = (item.isAnswer ? u">"_s : QString()) + nameOf(item);
        if (!item.title.isEmpty())
            line += u'(' + item.title + u')';
        if (item.kind != Kind::Tools)
            line += u':' + item.text.simplified();
        if (item.hasResult)
            line += u'=' + item.result.simplified();
        lines.append(line);
    }
    return lines.join(u'\n');
}

domain::CapturedMessage
message(const QByteArray &line, const QByteArray &type, const QByteArray &body)
{
    return {.line = line,
            .fields = {{"Content-Type", type}},
            .body = body,
            .kept = body.size(),
            .size = body.size()};
}

Conversation ofRequest(const QByteArray &body)
{
    return conversationOf({.request = message("POST /v1/x", "application/json", body)});
}

Conversation ofAnswer(const QByteArray &type, const QByteArray &body)
{
    return conversationOf({.answer = message("200", type, body)});
}

} // namespace

void ConversationTest::dialects_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QString>("expected");

    QTest::newRow("Chat Completions")
        << QByteArray(R"({"messages":[{"role":"system","content":"Be brief"},
            {"role":"user","content":[{"type":"text","text":"Look"},
              {"type":"image_url","image_url":{"url":"data:image/png;base64,iVBORw0KGgo="}}]},
            {"role":"assistant","content":null,"reasoning_content":"hm","tool_calls":[
              {"id":"c1","type":"function","function":{"name":"ls","arguments":"{\"a\":1}"}}]},
            {"role":"tool","tool_call_id":"c1","content":"two files"}],
            "tools":[{"type":"function","function":{"name":"ls"}}]})")
        << u"tools(ls)\nsystem:Be brief\nuser:Look\nimage(image/png):\nreasoning:hm\n"
           "tool(ls):{\"a\":1}=two files"_s;
    QTest::newRow("Anthropic")
        << QByteArray(R"({"system":[{"type":"text","text":"You are"}],
            "tools":[{"name":"Bash"},{"name":"Edit"}],
            "messages":[{"role":"user","content":"Hi"},
            {"role":"assistant","content":[{"type":"thinking","thinking":"let me"},
              {"type":"text","text":"I will"},
              {"type":"tool_use","id":"t1","name":"Bash","input":{"c":"ls"}}]},
            {"role":"user","content":[{"type":"tool_result","tool_use_id":"t1",
              "content":[{"type":"text","text":"done"}]},{"type":"text","text":"Go on"}]}]})")
        << u"system:You are\ntools(Bash, Edit)\nuser:Hi\nreasoning:let me\nassistant:I will\n"
           "tool(Bash):{ \"c\": \"ls\" }=done\nuser:Go on"_s;
    QTest::newRow("Responses")
        << QByteArray(R"({"instructions":"Code well","input":[
            {"role":"user","content":[{"type":"input_text","text":"Fix it"}]},
            {"type":"reasoning","summary":[{"type":"summary_text","text":"so"}]},
            {"type":"function_call","call_id":"f1","name":"patch","arguments":"{}"},
            {"type":"function_call_output","call_id":"f1","output":"ok"}]})")
        << u"system:Code well\nuser:Fix it\nreasoning:so\ntool(patch):{}=ok"_s;
    QTest::newRow("Responses with a text") << QByteArray(R"({"input":"Hello"})") << u"user:Hello"_s;
    QTest::newRow("Gemini")
        << QByteArray(R"({"systemInstruction":{"parts":[{"text":"Be kind"}]},
            "contents":[{"role":"user","parts":[{"text":"Hi"},
              {"inlineData":{"mimeType":"image/jpeg","data":"/9j/"}}]},
            {"role":"model","parts":[{"text":"thinking","thought":true},
              {"functionCall":{"name":"now","args":{}}}]},
            {"role":"user","parts":[{"functionResponse":{"name":"now","response":{"t":1}}}]}],
            "tools":[{"functionDeclarations":[{"name":"now"},{"name":"then"}]}]})")
        << u"system:Be kind\ntools(now, then)\nuser:Hi\nimage(image/jpeg):\nreasoning:thinking\n"
           "tool(now):{ }={ \"t\": 1 }"_s;
    QTest::newRow("Completions") << QByteArray(R"({"prompt":["a","b"]})") << u"user:a\nuser:b"_s;
}

void ConversationTest::dialects()
{
    QFETCH(QByteArray, body);

    const Conversation conversation = ofRequest(body);

    QTEST(written(conversation), "expected");
    QCOMPARE(conversation.problem, QString());
}

void ConversationTest::answers_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QString>("expected");
    QTest::addColumn<QString>("finish");

    QTest::newRow("Chat Completions")
        << QByteArray(R"({"choices":[{"message":{"role":"assistant","content":"Yes"},
            "finish_reason":"stop"}]})")
        << u">assistant:Yes"_s << u"stop"_s;
    QTest::newRow("Completions") << QByteArray(R"({"choices":[{"text":"so"}]})")
                                 << u">assistant:so"_s << QString();
    QTest::newRow("Anthropic") << QByteArray(R"({"type":"message","role":"assistant","content":[
            {"type":"text","text":"Yes"}],"stop_reason":"end_turn"})")
                               << u">assistant:Yes"_s << u"end_turn"_s;
    QTest::newRow("Responses") << QByteArray(
        R"({"status":"completed","output":[{"type":"message","role":"assistant",
            "content":[{"type":"output_text","text":"Yes"}]}]})")
                               << u">assistant:Yes"_s << u"completed"_s;
    QTest::newRow("Gemini") << QByteArray(
        R"([{"candidates":[{"content":{"role":"model","parts":[{"text":"Yes"}]},
            "finishReason":"STOP"}]}])")
                            << u">assistant:Yes"_s << u"STOP"_s;
    QTest::newRow("Gemini, broken off")
        << QByteArray("[{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"Ye\"}]}}]}\n,\r\n"
                      "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"s\"}]}}]},{\"cand")
        << u">assistant:Yes"_s << QString();
    QTest::newRow("an error") << QByteArray(
        R"({"error":{"type":"rate_limit","message":"Slow down"}})")
                              << u">other(rate_limit):Slow down"_s << QString();
}

void ConversationTest::answers()
{
    QFETCH(QByteArray, body);

    const Conversation conversation = ofAnswer("application/json", body);

    QTEST(written(conversation), "expected");
    QTEST(conversation.finishReason, "finish");
}

void ConversationTest::streams_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QString>("expected");
    QTest::addColumn<QString>("finish");

    QTest::newRow("Chat Completions") << QByteArray(
        "data: {\"choices\":[{\"index\":0,\"delta\":{\"reasoning\":\"hm\"}}]}\n\n"
        "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Yes\"}}]}\n\n"
        "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\", so\"}}]}\n\n"
        "data: {\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":[{\"index\":0,"
        "\"id\":\"c\",\"function\":{\"name\":\"ls\",\"arguments\":\"{\"}}]}}]}\n\n"
        "data: {\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":[{\"index\":0,"
        "\"function\":{\"arguments\":\"}\"}}]},\"finish_reason\":\"tool_calls\"}]}\n\n"
        "data: [DONE]\n\n") << u">reasoning:hm\n>assistant:Yes, so\n>tool(ls):{}"_s
                                      << u"tool_calls"_s;
    QTest::newRow("Anthropic") << QByteArray(
        "data: {\"type\":\"message_start\",\"message\":{}}\n\n"
        "data: {\"type\":\"content_block_start\",\"index\":0,\"content_block\":"
        "{\"type\":\"text\",\"text\":\"\"}}\n\n"
        "data: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":"
        "\"text_delta\",\"text\":\"Yes\"}}\n\n"
        "data: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"}}"
        "\n\n") << u">assistant:Yes"_s
                               << u"end_turn"_s;
    QTest::newRow("Responses, to its end")
        << QByteArray("data: {\"type\":\"response.output_text.delta\",\"output_index\":0,"
                      "\"delta\":\"Ye\"}\n\n"
                      "data: {\"type\":\"response.completed\",\"response\":{\"status\":"
                      "\"completed\",\"output\":[{\"type\":\"message\",\"role\":\"assistant\","
                      "\"content\":[{\"type\":\"output_text\",\"text\":\"Yes\"}]}]}}\n\n")
        << u">assistant:Yes"_s << u"completed"_s;
    QTest::newRow("Responses, broken off")
        << QByteArray("data: {\"type\":\"response.output_text.delta\",\"output_index\":0,"
                      "\"delta\":\"Ye\"}\n\ndata: {\"type\":\"resp")
        << u">assistant:Ye"_s << QString();
    QTest::newRow("Gemini") << QByteArray(
        "data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"Ye\"}]}}]}\n\n"
        "data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"s\"}]},"
        "\"finishReason\":\"STOP\"}]}\n\n")
                            << u">assistant:Yes"_s << u"STOP"_s;
    QTest::newRow("an error in the stream")
        << QByteArray("data: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\","
                      "\"message\":\"Busy\"}}\n\n")
        << u">other(overloaded_error):Busy"_s << QString();
}

void ConversationTest::streams()
{
    QFETCH(QByteArray, body);

    const Conversation conversation = ofAnswer("text/event-stream; charset=utf-8", body);

    QTEST(written(conversation), "expected");
    QTEST(conversation.finishReason, "finish");
    QVERIFY(!conversation.answerText().isEmpty());
}

void ConversationTest::picturesAndCacheMarks()
{
    const Conversation conversation = ofRequest(
        R"({"system":[{"type":"text","text":"long","cache_control":{"type":"ephemeral"}}],
            "messages":[{"role":"user","content":[
              {"type":"image","source":{"type":"base64","media_type":"image/png","data":"AAEC"}},
              {"type":"image","source":{"type":"url","url":"https://example.com/a.png"}}]}]})");

    QCOMPARE(conversation.items.size(), size_t(3));
    QVERIFY(conversation.items[0].endsCache && !conversation.items[1].endsCache);
    QCOMPARE(conversation.items[1].image, QByteArray("\x00\x01\x02", 3));
    QCOMPARE(conversation.items[2].text, u"https://example.com/a.png"_s);
    QVERIFY(conversation.items[2].image.isEmpty());
    QCOMPARE(conversation.items[0].tokens, 1);
}

void ConversationTest::oddBodies_data()
{
    QTest::addColumn<QByteArray>("body");

    QTest::newRow("nothing") << QByteArray();
    QTest::newRow("broken") << QByteArray("{\"messages\":[");
    QTest::newRow("bytes") << QByteArray("\x00\xFF\x01", 3);
    QTest::newRow("a list") << QByteArray("[1,2]");
    QTest::newRow("wrong types") << QByteArray(
        R"({"messages":{"a":1},"tools":5,"system":true,"contents":[3,null,[]],)"
        R"("input":{"parts":7}})");
    QTest::newRow("members of wrong types")
        << QByteArray(R"({"messages":[{"role":7,"content":[{"type":"image","source":3},)"
                      R"({"type":"tool_result"},{"type":"tool_use"},{},null,1]},)"
                      R"({"role":"tool"},{"tool_calls":[{},3]}],"tools":[{},1,null]})");
    QTest::newRow("very deep") << "{\"messages\":" + QByteArray(10'000, '[')
                                      + QByteArray(10'000, ']') + '}';
    QTest::newRow("many messages")
        << "{\"messages\":[" + QByteArray("{\"role\":\"user\",\"content\":\"x\"},").repeated(20'000)
               + "{}]}";
    QTest::newRow("a long text") << "{\"messages\":[{\"role\":\"user\",\"content\":\""
                                        + QByteArray(5'000'000, 'x') + "\"}]}";
}

// None of it may crash, or take more than a person can read.
void ConversationTest::oddBodies()
{
    QFETCH(QByteArray, body);

    const Conversation asked = ofRequest(body);
    ofAnswer("application/json", body);
    ofAnswer("text/event-stream", body);
    ofAnswer("text/event-stream", "data: " + body + "\n\n");

    QVERIFY(asked.items.size() <= 5'000);
    for (const ConversationItem &item : asked.items)
        QVERIFY(item.text.size() <= 200'000);
}

void ConversationTest::aCutRequestStillHasItsAnswer()
{
    domain::Capture capture{
        .request = message("POST /v1/x", "application/json", "{\"messages\":[{"),
        .answer = message("200", "application/json", R"({"choices":[{"text":"so"}]})")};
    capture.request.size = 1'000'000;

    const Conversation conversation = conversationOf(capture);

    QVERIFY(!conversation.problem.isEmpty());
    QCOMPARE(conversation.answerText(), u"so"_s);
}

} // namespace gatehouse::admin

QTEST_GUILESS_MAIN(gatehouse::admin::ConversationTest)
#include "tst_conversation.moc"
