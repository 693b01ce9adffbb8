#include "widgets/undostack.h"

#include <QSignalSpy>
#include <QTest>

using namespace Qt::StringLiterals;

using namespace gatehouse;
using namespace gatehouse::ui;

// Something that changes when it is told to, and answers when the test says so.
class Ledger
{
public:
    UndoCommand command(const QString &text)
    {
        return {.text = text,
                .redo = [=, this] { return act(u"+"_s + text); },
                .undo = [=, this] { return act(u"-"_s + text); }};
    }
    void answer() { finish({}); }
    void refuse(base::ErrorCode code = base::ErrorCode::Conflict)
    {
        finish(base::fail(code, base::Message::tr("It was changed meanwhile.")));
    }
    qsizetype waiting() const { return static_cast<qsizetype>(m_waiting.size()); }

    QStringList acts{};

private:
    admin::Answer<> act(const QString &what)
    {
        acts.append(what);
        m_waiting.emplace_back();
        m_waiting.back().start();
        return m_waiting.back().future();
    }
    void finish(const base::Result<> &outcome)
    {
        QPromise<base::Result<>> promise = std::move(m_waiting.front());
        m_waiting.erase(m_waiting.begin());
        promise.addResult(outcome);
        promise.finish();
    }

    std::vector<QPromise<base::Result<>>> m_waiting{};
};

class UndoStackTest : public QObject
{
    Q_OBJECT

private slots:
    void doesUndoesAndRedoes();
    void keepsNothingThatFailed();
    void staysConsistentWhenUndoFails_data();
    void staysConsistentWhenUndoFails();
    void dropsWhatCannotBeUndone();
    void dropsWhatCannotBeRedone();
    void runsOneAtATime();
    void keepsWhatWasDoneAlready();
    void keepsOneSeriesAsOne();
};

void UndoStackTest::doesUndoesAndRedoes()
{
    Ledger ledger;
    UndoStack stack;
    const QSignalSpy done(&stack, &UndoStack::done);
    const QSignalSpy undone(&stack, &UndoStack::undone);

    const admin::Answer<> answer = stack.push(ledger.command(u"delete"_s));
    QVERIFY(stack.isBusy());
    QVERIFY(!stack.canUndo());
    ledger.answer();
    QTRY_COMPARE(done.count(), 1);
    QVERIFY(answer.isFinished() && answer.result().has_value());
    QCOMPARE(stack.undoText(), u"delete"_s);
    QVERIFY(stack.canUndo());

    stack.undo();
    ledger.answer();
    QTRY_COMPARE(undone.count(), 1);
    QVERIFY(!stack.canUndo() && stack.canRedo());

    stack.redo();
    ledger.answer();
    QTRY_VERIFY(stack.canUndo());
    QCOMPARE(ledger.acts, (QStringList{u"+delete"_s, u"-delete"_s, u"+delete"_s}));
}

void UndoStackTest::keepsNothingThatFailed()
{
    Ledger ledger;
    UndoStack stack;
    const QSignalSpy failed(&stack, &UndoStack::failed);

    const admin::Answer<> answer = stack.push(ledger.command(u"rename"_s));
    ledger.refuse();

    QTRY_COMPARE(failed.count(), 1);
    QCOMPARE(failed.front().at(1).value<base::Error>().message.english(),
             u"It was changed meanwhile."_s);
    QVERIFY(!answer.result().has_value());
    QVERIFY(!stack.canUndo() && !stack.isBusy());
}

void UndoStackTest::staysConsistentWhenUndoFails_data()
{
    QTest::addColumn<base::ErrorCode>("code");

    QTest::newRow("the database is busy") << base::ErrorCode::Unavailable;
    QTest::newRow("it took too long") << base::ErrorCode::TimedOut;
    QTest::newRow("the program ends") << base::ErrorCode::Cancelled;
}

// What fails for the moment can be tried again.
void UndoStackTest::staysConsistentWhenUndoFails()
{
    QFETCH(base::ErrorCode, code);
    Ledger ledger;
    UndoStack stack;
    const QSignalSpy failed(&stack, &UndoStack::failed);
    stack.push(ledger.command(u"rename"_s));
    ledger.answer();
    QTRY_VERIFY(stack.canUndo());

    stack.undo();
    ledger.refuse(code);

    QTRY_COMPARE(failed.count(), 1);
    QCOMPARE(stack.undoText(), u"rename"_s);
    QVERIFY(!stack.canRedo());
    stack.undo();
    ledger.answer();
    QTRY_VERIFY(stack.canRedo());
}

// It does not stand in the way of what was done before it.
void UndoStackTest::dropsWhatCannotBeUndone()
{
    Ledger ledger;
    UndoStack stack;
    const QSignalSpy failed(&stack, &UndoStack::failed);
    for (const QString &text : {u"first"_s, u"second"_s, u"third"_s}) {
        stack.push(ledger.command(text));
        ledger.answer();
        QTRY_COMPARE(stack.undoText(), text);
    }
    stack.undo();
    ledger.answer();
    QTRY_COMPARE(stack.undoText(), u"second"_s);

    stack.undo();
    ledger.refuse();

    QTRY_COMPARE(failed.count(), 1);
    QCOMPARE(failed.front().at(0).value<LiveText>().text(), u"second"_s);
    QCOMPARE(stack.undoText(), u"first"_s);
    QCOMPARE(stack.redoText(), u"third"_s);
    stack.undo();
    ledger.answer();
    QTRY_COMPARE(stack.redoText(), u"first"_s);
    QCOMPARE(ledger.acts.back(), u"-first"_s);
}

void UndoStackTest::dropsWhatCannotBeRedone()
{
    Ledger ledger;
    UndoStack stack;
    const QSignalSpy failed(&stack, &UndoStack::failed);
    stack.pushDone(ledger.command(u"first"_s));
    stack.pushDone(ledger.command(u"second"_s));
    for (const QString &text : {u"second"_s, u"first"_s}) {
        stack.undo();
        ledger.answer();
        QTRY_COMPARE(stack.redoText(), text);
    }

    stack.redo();
    ledger.refuse();

    QTRY_COMPARE(failed.count(), 1);
    QVERIFY(!stack.canUndo());
    QCOMPARE(stack.redoText(), u"second"_s);
}

void UndoStackTest::runsOneAtATime()
{
    Ledger ledger;
    UndoStack stack;

    stack.push(ledger.command(u"a"_s));
    stack.push(ledger.command(u"b"_s));
    stack.undo();
    QCOMPARE(ledger.waiting(), 1);

    ledger.answer();
    QTRY_COMPARE(ledger.acts.size(), 2);
    ledger.answer();
    QTRY_COMPARE(ledger.acts.size(), 3);
    ledger.answer();

    QTRY_VERIFY(!stack.isBusy());
    QCOMPARE(ledger.acts, (QStringList{u"+a"_s, u"+b"_s, u"-b"_s}));
    QCOMPARE(stack.undoText(), u"a"_s);
}

void UndoStackTest::keepsWhatWasDoneAlready()
{
    Ledger ledger;
    UndoStack stack;

    stack.pushDone(ledger.command(u"moved"_s));
    QVERIFY(ledger.acts.isEmpty());
    stack.undo();
    ledger.answer();

    QTRY_VERIFY(stack.canRedo());
    QCOMPARE(ledger.acts, QStringList{u"-moved"_s});
}

void UndoStackTest::keepsOneSeriesAsOne()
{
    Ledger ledger;
    UndoStack stack;
    const auto keep = [&](const QString &text, const QString &series) {
        UndoCommand command = ledger.command(text);
        command.series = series;
        stack.pushDone(command);
    };
    keep(u"a"_s, u"field 1"_s);
    keep(u"b"_s, u"field 1"_s);
    keep(u"c"_s, u"field 2"_s);
    keep(u"d"_s, {});
    keep(u"e"_s, {});

    for (const QString &undone : {u"-e"_s, u"-d"_s, u"-c"_s, u"-a"_s}) {
        stack.undo();
        QCOMPARE(ledger.acts.back(), undone);
        ledger.answer();
        QTRY_VERIFY(!stack.isBusy());
    }
    QVERIFY(!stack.canUndo());

    stack.redo();
    QCOMPARE(ledger.acts.back(), u"+b"_s); // the last of them
    ledger.answer();
    QTRY_VERIFY(stack.canUndo());
    QCOMPARE(stack.undoText(), u"b"_s);
}

QTEST_GUILESS_MAIN(UndoStackTest)
#include "tst_undostack.moc"
