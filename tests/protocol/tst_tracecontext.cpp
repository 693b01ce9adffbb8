#include "protocol/tracecontext.h"

#include <QTest>

using namespace gatehouse;
using domain::TraceContext;

static const QByteArray traceId("4bf92f3577b34da6a3ce929d0e0e4736");
static const QByteArray parentId("00f067aa0ba902b7");

// What is made of the fields by which clients say where in a trace they are.
class TraceContextTest : public QObject
{
    Q_OBJECT

private slots:
    void readsTraceparent_data();
    void readsTraceparent();
    void refusesTraceparent_data();
    void refusesTraceparent();
    void oneParentAtMost();
    void readsTracestate_data();
    void readsTracestate();
    void theStateHasAnEnd();
    void whatIsForwardedCanBeRead();
    void namesAreHeededInAnyCase();
};

static http::Headers headersOf(const QByteArray &parent, const QByteArrayList &states = {})
{
    http::Headers headers;
    headers.add("User-Agent", "test");
    headers.add("traceparent", parent);
    for (const QByteArray &state : states)
        headers.add("tracestate", state);
    return headers;
}

static QByteArray parentOf(const QByteArray &version = "00", const QByteArray &flags = "01")
{
    return version + "-" + traceId + "-" + parentId + "-" + flags;
}

void TraceContextTest::readsTraceparent_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<int>("flags");

    QTest::newRow("sampled") << parentOf() << 1;
    QTest::newRow("not sampled") << parentOf("00", "00") << 0;
    QTest::newRow("sampled, by a random id") << parentOf("00", "03") << 3;
    QTest::newRow("flags that have no meaning yet") << parentOf("00", "fd") << 1;
    QTest::newRow("blanks around") << QByteArray(" " + parentOf() + "\t") << 1;
    QTest::newRow("a later version") << parentOf("01") << 1;
    QTest::newRow("a later version with more") << QByteArray(parentOf("cc") + "-what.will-be") << 1;
    QTest::newRow("a later version with an end") << QByteArray(parentOf("cc") + "-") << 1;
}

void TraceContextTest::readsTraceparent()
{
    QFETCH(QByteArray, text);

    const auto context = protocol::traceContextOf(headersOf(text));

    QVERIFY(context);
    QCOMPARE(context->traceId, traceId);
    QCOMPARE(context->parentId, parentId);
    QTEST(int(context->flags), "flags");
    QCOMPARE(context->isSampled(), (context->flags & 1) != 0);
    QCOMPARE(context->state, QByteArray());
}

void TraceContextTest::refusesTraceparent_data()
{
    QTest::addColumn<QByteArray>("text");

    const QByteArray good = parentOf();
    QTest::newRow("nothing") << QByteArray();
    QTest::newRow("a word") << QByteArray("yes");
    QTest::newRow("too short") << good.chopped(1);
    QTest::newRow("the first version with more") << QByteArray(good + "-00");
    QTest::newRow("the first version with an end") << QByteArray(good + "-");
    QTest::newRow("a later version run together") << QByteArray(parentOf("cc") + "01");
    QTest::newRow("the version that never is") << parentOf("ff");
    QTest::newRow("a version that is no number") << parentOf("0x");
    QTest::newRow("a version in capitals") << parentOf("CC");
    QTest::newRow("a trace of zeros") << QByteArray(good).replace(traceId, QByteArray(32, '0'));
    QTest::newRow("a parent of zeros") << QByteArray(good).replace(parentId, QByteArray(16, '0'));
    QTest::newRow("capitals in the trace") << QByteArray(good).replace(traceId, traceId.toUpper());
    QTest::newRow("capitals in the parent")
        << QByteArray(good).replace(parentId, parentId.toUpper());
    QTest::newRow("no digit in the trace")
        << QByteArray(good).replace(traceId, QByteArray(32, 'g'));
    QTest::newRow("flags that are no number") << parentOf("00", "0.");
    QTest::newRow("flags in capitals") << parentOf("00", "0A");
    QTest::newRow("another sign between") << QByteArray(good).replace('-', '_');
    QTest::newRow("a short trace and a long parent")
        << QByteArray("00-" + traceId.chopped(1) + "-0" + parentId + "-01");
    QTest::newRow("two in a list") << QByteArray(good + "," + good);
    QTest::newRow("no flags") << QByteArray("00-" + traceId + "-" + parentId);
    QTest::newRow("beyond ASCII") << QByteArray(good).replace("4b", "\xC3\xA9");
}

void TraceContextTest::refusesTraceparent()
{
    QFETCH(QByteArray, text);

    QVERIFY(!protocol::traceContextOf(headersOf(text, {"a=1"})));
}

void TraceContextTest::oneParentAtMost()
{
    QVERIFY(!protocol::traceContextOf(http::Headers()));
    http::Headers twice = headersOf(parentOf());
    twice.add("Traceparent", parentOf());
    QVERIFY(!protocol::traceContextOf(twice));
    http::Headers alone;
    alone.add("tracestate", "a=1");
    QVERIFY(!protocol::traceContextOf(alone));
}

void TraceContextTest::readsTracestate_data()
{
    QTest::addColumn<QByteArrayList>("fields");
    QTest::addColumn<QByteArray>("state"); // empty: none

    QTest::newRow("one") << QByteArrayList{"rojo=00f067aa0ba902b7"}
                         << QByteArray("rojo=00f067aa0ba902b7");
    QTest::newRow("in its order") << QByteArrayList{"b=2,a=1"} << QByteArray("b=2,a=1");
    QTest::newRow("in several fields") << QByteArrayList{"b=2", "a=1"} << QByteArray("b=2,a=1");
    QTest::newRow("blanks around") << QByteArrayList{" b=2 ,\ta=1 "} << QByteArray("b=2,a=1");
    QTest::newRow("nothing between") << QByteArrayList{"b=2,,a=1,"} << QByteArray("b=2,a=1");
    QTest::newRow("a tenant") << QByteArrayList{"fw529a3039@dt=x y"}
                              << QByteArray("fw529a3039@dt=x y");
    QTest::newRow("nothing") << QByteArrayList{""} << QByteArray();
    QTest::newRow("a word") << QByteArrayList{"yes"} << QByteArray();
    QTest::newRow("no value") << QByteArrayList{"a="} << QByteArray();
    QTest::newRow("no key") << QByteArrayList{"=1"} << QByteArray();
    QTest::newRow("a capital key") << QByteArrayList{"A=1"} << QByteArray();
    QTest::newRow("a sign first") << QByteArrayList{"@a=1"} << QByteArray();
    QTest::newRow("two tenants") << QByteArrayList{"a@b@c=1"} << QByteArray();
    QTest::newRow("twice the same") << QByteArrayList{"a=1,a=2"} << QByteArray();
    QTest::newRow("a sign within") << QByteArrayList{"a=1=2"} << QByteArray();
    QTest::newRow("beyond ASCII") << QByteArrayList{"a=\xC3\xA9"} << QByteArray();
    QTest::newRow("one that is none") << QByteArrayList{"a=1", "b"} << QByteArray();
    QTest::newRow("a long key") << QByteArrayList{QByteArray(257, 'a') + "=1"} << QByteArray();
    QTest::newRow("a long value") << QByteArrayList{"a=" + QByteArray(257, '1')} << QByteArray();
}

// A state that is not valid leaves the parent as it is.
void TraceContextTest::readsTracestate()
{
    QFETCH(QByteArrayList, fields);

    const auto context = protocol::traceContextOf(headersOf(parentOf(), fields));

    QVERIFY(context);
    QTEST(context->state, "state");
}

void TraceContextTest::theStateHasAnEnd()
{
    QByteArrayList members;
    for (int i = 0; i < 32; ++i)
        members.append("k" + QByteArray::number(i) + "=1");
    const QByteArray most = members.join(',');

    QCOMPARE(protocol::traceContextOf(headersOf(parentOf(), {most}))->state, most);
    QCOMPARE(protocol::traceContextOf(headersOf(parentOf(), {most, "one=more"}))->state,
             QByteArray());
}

void TraceContextTest::whatIsForwardedCanBeRead()
{
    const auto context = protocol::traceContextOf(headersOf(parentOf("cc", "ff") + "-more"));
    QVERIFY(context);

    const QByteArray text = protocol::traceparent(*context, "0123456789abcdef");

    QCOMPARE(text, QByteArray("00-" + traceId + "-0123456789abcdef-03"));
    const auto read = protocol::traceContextOf(headersOf(text));
    QVERIFY(read);
    QCOMPARE(read->parentId, QByteArray("0123456789abcdef"));
}

void TraceContextTest::namesAreHeededInAnyCase()
{
    QVERIFY(protocol::isTraceField("TraceParent"));
    QVERIFY(protocol::isTraceField("TRACESTATE"));
    QVERIFY(!protocol::isTraceField("trace-parent"));
    http::Headers headers;
    headers.add("TraceParent", parentOf());
    QVERIFY(protocol::traceContextOf(headers));
}

QTEST_GUILESS_MAIN(TraceContextTest)
#include "tst_tracecontext.moc"
