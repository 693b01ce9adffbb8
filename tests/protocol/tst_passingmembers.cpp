#include "protocol/passingmembers.h"

#include <QTest>

using gatehouse::protocol::PassingMembers;

namespace {

std::vector<QByteArrayView> names()
{
    return {"usage", "error"};
}

} // namespace

class PassingMembersTest : public QObject
{
    Q_OBJECT

private slots:
    void finds_data();
    void finds();
    void isBounded();
    void tellsParts();
    void survivesAnything();
};

void PassingMembersTest::finds_data()
{
    QTest::addColumn<QByteArray>("document");
    QTest::addColumn<QByteArray>("found");

    const auto row = [](const char *name, const QByteArray &document, const QByteArray &found) {
        QTest::newRow(name) << document << found;
    };
    const QByteArray usage = R"({"usage":{"a":1}})";
    row("alone", usage, usage);
    row("first", R"({"usage":{"a":1},"data":[0.5,-1e3,{"b":[]}]})", usage);
    row("last, with blanks", "\n{ \"data\" : [ [1] , 2 ] ,\r\n\t\"usage\" : {\"a\":1} }\n", usage);
    row("between", R"({"id":7,"usage":{"a":1},"x":"y"})", usage);
    row("deeper only", R"({"debug":{"usage":{"a":1}},"list":[{"usage":{"a":2}}]})", "{}");
    row("deeper as well", R"({"usage":{"a":1},"debug":{"usage":{"a":2}}})", usage);
    row("within a text", R"({"text":"\"usage\":{\"a\":2}","usage":{"a":1}})", usage);
    row("a text that ends with backslashes", R"({"text":"a\\\\","usage":{"a":1}})", usage);
    row("a name as a value", R"({"text":"usage","usage":{"a":1}})", usage);
    row("braces within its texts",
        R"({"usage":{"a":"}\"{","b":[{}]},"c":1})",
        R"({"usage":{"a":"}\"{","b":[{}]}})");
    row("null, then figures", R"({"usage":null,"x":1,"usage":{"a":1}})", usage);
    row("twice", R"({"usage":{"a":1},"usage":{"a":2}})", usage);
    row("other kinds",
        R"({"error":"no \"luck\"","usage": 12 })",
        R"({"usage":12,"error":"no \"luck\""})");
    row("a long name", R"({"usage-usage-usage-usage-usage-usage-usage":1,"usage":{"a":1}})", usage);
    row("a name that begins alike", R"({"usage2":1,"usag":2,"":3})", "{}");
    row("an array", R"([{"usage":{"a":1}}])", "{}");
    row("nothing", "", "{}");
    row("behind the end", R"({"a":1},"usage":{"a":1})", "{}");
    row("broken off", R"({"usage":{"a":1)", "{}");
}

void PassingMembersTest::finds()
{
    QFETCH(QByteArray, document);
    QFETCH(QByteArray, found);

    // However it is cut.
    for (qsizetype step = 1; step <= document.size() + 1; ++step) {
        PassingMembers members(names());
        for (qsizetype at = 0; at < document.size(); at += step)
            members.feed(QByteArrayView(document).sliced(at, std::min(step, document.size() - at)));
        QCOMPARE(members.found(), found);
    }
}

void PassingMembersTest::isBounded()
{
    PassingMembers members(names());

    const QByteArray document = "{\"error\":{\"message\":\"" + QByteArray(100'000, 'x')
                                + "\"},\"data\":\"" + QByteArray(100'000, 'y')
                                + "\",\"usage\":{\"a\":1}}";
    members.feed(document);

    const QByteArray usage = R"({"usage":{"a":1}})";
    QCOMPARE(members.found(), usage);
    QCOMPARE(members.partOf("error").size(), PassingMembers::mostBytes);
    QVERIFY(members.partOf("error").startsWith("{\"message\":\"xxx"));
}

void PassingMembersTest::tellsParts()
{
    PassingMembers members(names());

    members.feed(R"({"error":{"message":"no)");
    QCOMPARE(members.partOf("error"), QByteArrayView(R"({"message":"no)"));
    QVERIFY(members.partOf("usage").isEmpty());
    members.feed(R"("},)");
    QVERIFY(members.partOf("error").isEmpty());
    QCOMPARE(members.found(), R"({"error":{"message":"no"}})");
}

void PassingMembersTest::survivesAnything()
{
    const QByteArray bytes("{}[]\",:\\u n1\xFF");
    quint32 state = 7;
    for (int round = 0; round < 20'000; ++round) {
        QByteArray document = R"({"usage":)";
        for (int i = 0; i < 24; ++i) {
            state = state * 1'664'525 + 1'013'904'223;
            document += bytes[qsizetype((state >> 16) % quint32(bytes.size()))];
        }
        PassingMembers members(names());
        members.feed(document);
        QVERIFY(members.found().startsWith('{'));
    }
}

QTEST_GUILESS_MAIN(PassingMembersTest)
#include "tst_passingmembers.moc"
