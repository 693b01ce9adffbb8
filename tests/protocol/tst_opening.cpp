#include "protocol/opening.h"

#include "protocol/peeking.h"

#include <QTest>

using namespace gatehouse;
using protocol::Operation;
using tests::peekAt;

// How sessions are told apart that have no name.
class OpeningTest : public QObject
{
    Q_OBJECT

private slots:
    void whatASessionBeginsWith_data();
    void whatASessionBeginsWith();
    void withoutATurnOfTheUser_data();
    void withoutATurnOfTheUser();
    void longPartsAreCut();
    void ofVeryLongTurnsTheBeginningIsRead_data();
    void ofVeryLongTurnsTheBeginningIsRead();
    void whatIsGoneOnWith_data();
    void whatIsGoneOnWith();

private:
    static QByteArrayList partsOf(const QByteArray &body, Operation operation)
    {
        const auto peek = peekAt(body, operation, "gemini");
        if (!peek)
            return {"refused"};
        QByteArrayList parts;
        for (const QByteArrayView part : protocol::openingOf(peek->opening, body))
            parts.append(part.toByteArray());
        return parts;
    }
};

void OpeningTest::whatASessionBeginsWith_data()
{
    QTest::addColumn<Operation>("operation");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QByteArrayList>("parts");

    const QByteArray hi = "{\"role\":\"user\",\"content\":\"Hi\"}";
    const QByteArray rule = "{\"role\":\"system\",\"content\":\"Be brief\"}";
    const QByteArray more = ",{\"role\":\"assistant\",\"content\":\"?\"},"
                            "{\"role\":\"user\",\"content\":\"More\"}]";
    QTest::newRow("chat") << Operation::ChatCompletions
                          << QByteArray("{\"model\":\"m\",\"messages\":[" + rule + "," + hi + more
                                        + ",\"tools\":[1]}")
                          << QByteArrayList{"[1]", rule, hi};
    QTest::newRow("the role behind the text")
        << Operation::ChatCompletions
        << QByteArray("{\"model\":\"m\",\"messages\":[{\"content\":\"}]\\\"\",\"role\":\"user\"}"
                      + more + "}")
        << QByteArrayList{"{\"content\":\"}]\\\"\",\"role\":\"user\"}"};
    QTest::newRow("messages") << Operation::Messages
                              << QByteArray("{\"model\":\"m\",\"messages\":[" + hi + more
                                            + ",\"system\":[{\"text\":\"Be\"}],\"max_tokens\":9}")
                              << QByteArrayList{"[{\"text\":\"Be\"}]", hi};
    QTest::newRow("responses") << Operation::Responses
                               << QByteArray("{\"model\":\"m\",\"instructions\":\"Be\","
                                             "\"input\":\"Hi\"}")
                               << QByteArrayList{"\"Be\"", "\"Hi\""};
    QTest::newRow("responses with a list")
        << Operation::Responses << QByteArray("{\"model\":\"m\",\"input\":[" + hi + more + "}")
        << QByteArrayList{hi};
    QTest::newRow("responses with a template")
        << Operation::Responses
        << QByteArray("{\"model\":\"m\",\"input\":\"Hi\",\"prompt\":{\"id\":\"pmpt_1\"}}")
        << QByteArrayList{"\"Hi\""};
    QTest::newRow("gemini")
        << Operation::GenerateContent
        << QByteArray("{\"contents\":[{\"role\":\"user\",\"parts\":[]},{\"role\":\"model\"}],"
                      "\"systemInstruction\":{\"parts\":[1]}}")
        << QByteArrayList{"{\"parts\":[1]}", "{\"role\":\"user\",\"parts\":[]}"};
    QTest::newRow("gemini without roles")
        << Operation::GenerateContent << QByteArray("{\"contents\":[{\"parts\":[1]},{}]}")
        << QByteArrayList{"{\"parts\":[1]}"};
    QTest::newRow("a completion") << Operation::Completions
                                  << QByteArray("{\"model\":\"m\",\"prompt\":\"Once\"}")
                                  << QByteArrayList{"\"Once\""};
    // What begins alike is not the same session.
    QTest::newRow("the tokens of a completion")
        << Operation::Completions << QByteArray("{\"model\":\"m\",\"prompt\":[1, 5,7]}")
        << QByteArrayList{"1, 5,7]"};
    QTest::newRow("several completions")
        << Operation::Completions
        << QByteArray("{\"model\":\"m\",\"prompt\":[\"Once\",\"upon\"],\"n\":2}")
        << QByteArrayList{"\"Once\",\"upon\"]"};
}

void OpeningTest::whatASessionBeginsWith()
{
    QFETCH(Operation, operation);
    QFETCH(QByteArray, body);
    QFETCH(QByteArrayList, parts);

    QCOMPARE(partsOf(body, operation), parts);
}

void OpeningTest::withoutATurnOfTheUser_data()
{
    QTest::addColumn<QByteArray>("messages");

    QTest::newRow("none") << QByteArray("[]");
    QTest::newRow("rules alone") << QByteArray("[{\"role\":\"system\",\"content\":\"Be\"}]");
    const QByteArray rule = "{\"role\":\"system\"},";
    QTest::newRow("behind very many")
        << QByteArray("[" + rule.repeated(20) + "{\"role\":\"user\"}]");
}

void OpeningTest::withoutATurnOfTheUser()
{
    QFETCH(QByteArray, messages);

    QCOMPARE(partsOf("{\"model\":\"m\",\"messages\":" + messages + "}", tests::chat),
             QByteArrayList());
}

void OpeningTest::longPartsAreCut()
{
    const QByteArray text(100'000, 'x');

    const QByteArrayList parts =
        partsOf("{\"model\":\"m\",\"messages\":[{\"role\":\"system\",\"content\":\"" + text
                    + "\"},{\"role\":\"user\",\"content\":\"" + text + "\"}]}",
                tests::chat);

    QCOMPARE(parts.size(), 2);
    QVERIFY(parts[0].size() < 10'000);
    QVERIFY(parts[1].startsWith("{\"role\":\"user\",\"content\":\"xxx"));
    QVERIFY(parts[1].size() < 10'000);
}

void OpeningTest::ofVeryLongTurnsTheBeginningIsRead_data()
{
    QTest::addColumn<QByteArray>("before"); // the long text
    QTest::addColumn<QByteArray>("behind");

    QTest::newRow("rules") << QByteArray("{\"role\":\"system\",\"content\":\"")
                           << QByteArray("\"}");
    QTest::newRow("the role behind the text")
        << QByteArray("{\"content\":\"") << QByteArray("\",\"role\":\"system\"}");
    QTest::newRow("a nested text")
        << QByteArray("{\"role\":\"user\",\"content\":[{\"text\":\"") << QByteArray("\"}]}");
    // Its last byte that is read is a backslash, and so on.
    QTest::newRow("escapes") << QByteArray("{\"role\":\"system\",\"content\":\"\\\\\\\"")
                             << QByteArray("\"}");
}

// What stands behind it costs nothing and tells nothing.
void OpeningTest::ofVeryLongTurnsTheBeginningIsRead()
{
    QFETCH(QByteArray, before);
    QFETCH(QByteArray, behind);
    const auto partsWith = [&](const QByteArray &question) {
        const QByteArray text = QByteArray("\\\"\\\\xy").repeated(100'000);
        return partsOf("{\"model\":\"m\",\"messages\":[" + before + text + behind
                           + ",{\"role\":\"user\",\"content\":\"" + question + "\"}]}",
                       tests::chat);
    };

    const QByteArrayList parts = partsWith("one");

    QCOMPARE(parts.size(), 1);
    QVERIFY(parts.front().startsWith(before));
    QVERIFY(parts.front().size() < 10'000);
    QCOMPARE(partsWith("two"), parts);
}

void OpeningTest::whatIsGoneOnWith_data()
{
    QTest::addColumn<QByteArray>("member");
    QTest::addColumn<QByteArray>("continues");

    QTest::newRow("an answer") << QByteArray("\"previous_response_id\":\"resp_1\"")
                               << QByteArray("resp_1");
    QTest::newRow("none") << QByteArray("\"previous_response_id\":null") << QByteArray();
    QTest::newRow("a conversation")
        << QByteArray("\"conversation\":\"conv_1\"") << QByteArray("conv_1");
    QTest::newRow("a conversation in an object")
        << QByteArray("\"conversation\":{\"id\":\"conv_1\"}") << QByteArray("conv_1");
    QTest::newRow("nonsense") << QByteArray("\"conversation\":[7]") << QByteArray();
    QTest::newRow("a name without end")
        << QByteArray("\"conversation\":\"" + QByteArray(1'000, 'x') + "\"") << QByteArray();
}

void OpeningTest::whatIsGoneOnWith()
{
    QFETCH(QByteArray, member);
    QFETCH(QByteArray, continues);

    const auto peek =
        peekAt("{\"model\":\"m\",\"input\":\"Hi\"," + member + "}", Operation::Responses);

    QVERIFY(peek);
    QCOMPARE(peek->continues, continues);
    QCOMPARE(peek->session, QByteArray());
}

QTEST_GUILESS_MAIN(OpeningTest)
#include "tst_opening.moc"
