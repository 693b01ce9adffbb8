#pragma once

#include "admin/flow.h"
#include "widgets/livetext.h"

#include <QObject>
#include <QUndoStack>

#include <deque>
#include <functional>

namespace gatehouse::ui {

// A change that can be taken back. Both ways are asynchronous and may fail.
struct UndoCommand
{
    LiveText text{}; // what was done, as a sentence fragment: "Deleted “Mistral (old key)”"
    std::function<admin::Answer<>()> redo{};
    std::function<admin::Answer<>()> undo{};
    // Asked in place of `text` once it was done, where only that tells what it came to.
    std::function<LiveText()> told{};
    // Those of one series that follow each other are kept as one; empty: it stands by itself.
    QString series{};
};

// Says that a change was taken back, of which `done` says that it was made: "Deleted “one”".
QString undoneText(const QString &done);

// The changes of this session, done and undone one after another: what is asked for while one runs
// waits for it. What fails is reported. If undoing or redoing fails for the moment, the stack stays as
// it was; one that is refused for good leaves it, and is not in the way of the others. Lives in the
// main thread.
class UndoStack : public QObject
{
    Q_OBJECT

public:
    explicit UndoStack(QObject *parent = nullptr);

    // Does it, and keeps it if that succeeded. The future tells how it went.
    admin::Answer<> push(UndoCommand command);
    // Keeps what has been done already; its `redo` is for later.
    void pushDone(UndoCommand command);
    void undo();
    void redo();
    void clear();
    // Something was done in part alone, which can be taken back: people are to hear of it.
    void noteIncomplete(const LiveText &text, const base::Error &error);

    bool canUndo() const { return !m_busy && m_stack.canUndo(); }
    bool canRedo() const { return !m_busy && m_stack.canRedo(); }
    bool isBusy() const { return m_busy; }
    // Of the change that undo() or redo() would take; empty: none.
    QString undoText() const;
    QString redoText() const;

signals:
    void changed();
    void done(const gatehouse::ui::LiveText &text);
    void undone(const gatehouse::ui::LiveText &text);
    void failed(const gatehouse::ui::LiveText &text, const gatehouse::base::Error &error);
    void incomplete(const gatehouse::ui::LiveText &text, const gatehouse::base::Error &error);

private:
    enum class Direction { Do, Keep, Undo, Redo };
    struct Job
    {
        Direction direction = Direction::Do;
        UndoCommand command{};
        std::function<void(const base::Result<> &)> report{};
    };

    void enqueue(Job job);
    void runNext();
    bool prepare(Job &job) const;
    void finish(const Job &given, const base::Result<> &outcome);
    void drop(Direction direction);

    QUndoStack m_stack{};
    std::deque<Job> m_jobs{};
    bool m_busy = false;
};

} // namespace gatehouse::ui
