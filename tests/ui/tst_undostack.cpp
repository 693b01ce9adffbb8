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
    UndoCommand command(const QString &text, bool redoFails = false, bool undoFails = false)
    {
        return {.text = text,
                .redo = [=, this] { return act(u"+"_s + text, redoFails); },
                .undo = [=, this] { return act(u"-"_s + text, undoFails); }};
    }
    void answer()
    {
        auto promise = std::move(m_waiting.front());
        m_waiting.erase(m_waiting.begin());
        promise.second.addResult(promise.first ? base::Result<>(base::fail(
                                     base::ErrorCode::Conflict, u"It was changed meanwhile."_s))
                                               : base::Result<>());
        promise.second.finish();
    }
    qsizetype waiting() const { return static_cast<qsizetype>(m_waiting.size()); }

    QStringList acts{};

private:
    admin::Answer<> act(const QString &what, bool fails)
    {
        acts.append(what);
        m_waiting.emplace_back(fails, QPromise<base::Result<>>());
        m_waiting.back().second.start();
        return m_waiting.back().second.future();
    }

    std::vector<std::pair<bool, QPromise<base::Result<>>>> m_waiting{};
};

class UndoStackTest : public QObject
{
    Q_OBJECT

private slots:
    void doesUndoesAndRedoes();
    void keepsNothingThatFailed();
    void staysConsistentWhenUndoFails();
    void runsOneAtATime();
    void keepsWhatWasDoneAlready();
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

    const admin::Answer<> answer = stack.push(ledger.command(u"rename"_s, true));
    ledger.answer();

    QTRY_COMPARE(failed.count(), 1);
    QCOMPARE(failed.front().at(1).value<base::Error>().message, u"It was changed meanwhile."_s);
    QVERIFY(!answer.result().has_value());
    QVERIFY(!stack.canUndo() && !stack.isBusy());
}

void UndoStackTest::staysConsistentWhenUndoFails()
{
    Ledger ledger;
    UndoStack stack;
    const QSignalSpy failed(&stack, &UndoStack::failed);
    stack.push(ledger.command(u"rename"_s, false, true));
    ledger.answer();
    QTRY_VERIFY(stack.canUndo());

    stack.undo();
    ledger.answer();

    QTRY_COMPARE(failed.count(), 1);
    QVERIFY(stack.canUndo());
    QVERIFY(!stack.canRedo());
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

QTEST_GUILESS_MAIN(UndoStackTest)
#include "tst_undostack.moc"
