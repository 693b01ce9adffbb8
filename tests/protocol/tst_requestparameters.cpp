#include "protocol/peek.h"

#include <QTest>

using namespace gatehouse;
using domain::RequestParameters;
using protocol::Operation;

Q_DECLARE_METATYPE(gatehouse::protocol::Operation)
Q_DECLARE_METATYPE(gatehouse::domain::RequestParameters)

// What traces tell of a request beside its model.
class RequestParametersTest : public QObject
{
    Q_OBJECT

private slots:
    void areReadInEachDialect_data();
    void areReadInEachDialect();
    void areNotReadUnasked();
    void whatIsNoValueIsLeftToTheProvider();
    void textsAreFewAndShort();

private:
    static base::Result<protocol::Peek>
    peekAt(QByteArray body, Operation operation, bool withParameters = true)
    {
        const qsizetype size = body.size();
        body.append(QByteArray(protocol::peekPadding, '}'));
        return protocol::peek(
            QByteArrayView(body).first(size), operation, "gemini-pro", {}, withParameters);
    }
};

void RequestParametersTest::areReadInEachDialect_data()
{
    QTest::addColumn<Operation>("operation");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<RequestParameters>("parameters");

    QTest::newRow("OpenAI")
        << Operation::ChatCompletions
        << QByteArray("{\"model\":\"m\",\"temperature\":0.5,\"top_p\":1,\"seed\":-7,\"n\":3,"
                      "\"stop\":[\"END\",\"\\n\"]}")
        << RequestParameters{.temperature = 0.5,
                             .topP = 1,
                             .seed = -7,
                             .choices = 3,
                             .stopSequences = {"END", "\n"}};
    QTest::newRow("one to stop at")
        << Operation::ChatCompletions << QByteArray("{\"model\":\"m\",\"stop\":\"END\"}")
        << RequestParameters{.stopSequences = {"END"}};
    QTest::newRow("Anthropic")
        << Operation::Messages
        << QByteArray("{\"model\":\"m\",\"max_tokens\":9,\"temperature\":1,\"top_k\":40,\"top_p\":"
                      "0.9,\"stop_sequences\":[\"###\"]}")
        << RequestParameters{.temperature = 1, .topP = 0.9, .topK = 40, .stopSequences = {"###"}};
    QTest::newRow("Gemini")
        << Operation::GenerateContent
        << QByteArray("{\"generationConfig\":{\"temperature\":0,\"topP\":0.25,\"topK\":5,\"seed\":"
                      "1,\"candidateCount\":2,\"stopSequences\":[\"x\"]}}")
        << RequestParameters{.temperature = 0,
                             .topP = 0.25,
                             .topK = 5,
                             .seed = 1,
                             .choices = 2,
                             .stopSequences = {"x"}};
    QTest::newRow("Gemini, spelled otherwise")
        << Operation::StreamGenerateContent
        << QByteArray("{\"generation_config\":{\"top_p\":0.25,\"top_k\":5,\"stop_sequences\":["
                      "\"x\"]}}")
        << RequestParameters{.topP = 0.25, .topK = 5, .stopSequences = {"x"}};
    QTest::newRow("none") << Operation::ChatCompletions
                          << QByteArray("{\"model\":\"m\",\"metadata\":{\"temperature\":1}}")
                          << RequestParameters{};
}

void RequestParametersTest::areReadInEachDialect()
{
    QFETCH(Operation, operation);
    QFETCH(QByteArray, body);
    QFETCH(RequestParameters, parameters);

    const auto peek = peekAt(body, operation);

    QVERIFY2(peek, peek ? "" : qPrintable(peek.error().message.english()));
    QVERIFY(peek->parameters);
    QVERIFY(*peek->parameters == parameters);
}

void RequestParametersTest::areNotReadUnasked()
{
    const auto peek =
        peekAt("{\"model\":\"m\",\"temperature\":0.5}", Operation::ChatCompletions, false);

    QVERIFY(peek);
    QVERIFY(!peek->parameters);
}

void RequestParametersTest::whatIsNoValueIsLeftToTheProvider()
{
    const auto peek =
        peekAt("{\"model\":\"m\",\"temperature\":\"hot\",\"top_p\":null,\"seed\":1.5,\"top_k\":"
               "{},\"stop\":[1,null,{}]}",
               Operation::ChatCompletions);

    QVERIFY(peek);
    QVERIFY(*peek->parameters == RequestParameters());
}

void RequestParametersTest::textsAreFewAndShort()
{
    QByteArrayList all{"\"" + QByteArray(65, 'a') + "\""};
    for (int i = 0; i < 20; ++i)
        all.append("\"s" + QByteArray::number(i) + "\"");

    const auto peek =
        peekAt("{\"model\":\"m\",\"stop\":[" + all.join(',') + "]}", Operation::ChatCompletions);

    QVERIFY(peek);
    QCOMPARE(peek->parameters->stopSequences.size(), 8);
    QCOMPARE(peek->parameters->stopSequences.front(), QByteArray("s0"));
}

QTEST_GUILESS_MAIN(RequestParametersTest)
#include "tst_requestparameters.moc"
