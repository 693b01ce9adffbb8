#include "widgets/undostack.h"

#include "domain/history.h"

#include <QUndoCommand>

namespace gatehouse::ui {

namespace {

// What QUndoStack keeps. The doing is not its business.
class KeptCommand : public QUndoCommand
{
public:
    explicit KeptCommand(UndoCommand kept)
        : command(std::move(kept))
    {}

    void undo() override { setObsolete(refused); }
    void redo() override { setObsolete(refused); }
    int id() const override { return command.series.isEmpty() ? -1 : 1; }
    bool mergeWith(const QUndoCommand *later) override
    {
        const UndoCommand &next = static_cast<const KeptCommand *>(later)->command;
        if (next.series != command.series)
            return false;
        command.text = next.text;
        command.redo = next.redo;
        return true;
    }

    UndoCommand command;
    mutable bool refused = false; // QUndoStack lets nobody change its commands
};

const KeptCommand &keptAt(const QUndoStack &stack, int index)
{
    return *static_cast<const KeptCommand *>(stack.command(index));
}

bool mayWorkLater(const base::Error &error)
{
    return error.code == base::ErrorCode::Unavailable || error.code == base::ErrorCode::TimedOut
           || error.code == base::ErrorCode::Cancelled;
}

// As the history of changes tells it.
domain::Author::Way wayOf(bool again, bool back)
{
    if (back)
        return domain::Author::Way::Undo;
    return again ? domain::Author::Way::Redo : domain::Author::Way::Directly;
}

} // namespace

// What was done stands behind a colon then: in Latin letters it goes on small; and in Chinese it is not said
// twice that it is done.
QString undoneText(const QString &done)
{
    QString part = done;
    if (part.startsWith(u'已'))
        part.remove(0, 1);
    else if (!part.isEmpty())
        part[0] = part.at(0).toLower();
    return UndoStack::tr("Undone: %1").arg(part);
}

UndoStack::UndoStack(QObject *parent)
    : QObject(parent)
{
    connect(&m_stack, &QUndoStack::indexChanged, this, &UndoStack::changed);
}

admin::Answer<> UndoStack::push(UndoCommand command)
{
    auto promise = std::make_shared<QPromise<base::Result<>>>();
    promise->start();
    const admin::Answer<> answer = promise->future();
    enqueue({.direction = Direction::Do,
             .command = std::move(command),
             .report = [promise](const base::Result<> &outcome) {
                 promise->addResult(outcome);
                 promise->finish();
             }});
    return answer;
}

void UndoStack::pushDone(UndoCommand command)
{
    enqueue({.direction = Direction::Keep, .command = std::move(command)});
}

void UndoStack::undo()
{
    enqueue({.direction = Direction::Undo});
}

void UndoStack::redo()
{
    enqueue({.direction = Direction::Redo});
}

void UndoStack::clear()
{
    m_stack.clear();
}

QString UndoStack::undoText() const
{
    return m_stack.canUndo() ? keptAt(m_stack, m_stack.index() - 1).command.text.text() : QString();
}

QString UndoStack::redoText() const
{
    return m_stack.canRedo() ? keptAt(m_stack, m_stack.index()).command.text.text() : QString();
}

void UndoStack::noteIncomplete(const LiveText &text, const base::Error &error)
{
    emit incomplete(text, error);
}

void UndoStack::enqueue(Job job)
{
    m_jobs.push_back(std::move(job));
    runNext();
}

void UndoStack::runNext()
{
    if (m_busy || m_jobs.empty())
        return;
    Job job = std::move(m_jobs.front());
    m_jobs.pop_front();
    if (!prepare(job)) {
        runNext();
        return;
    }
    if (job.direction == Direction::Keep) {
        finish(job, {});
        return;
    }
    m_busy = true;
    emit changed();
    const bool back = job.direction == Direction::Undo;
    const domain::ActingAs acting({.way = wayOf(job.direction == Direction::Redo, back)});
    const admin::Answer<> answer = back ? job.command.undo() : job.command.redo();
    auto shared = std::make_shared<Job>(std::move(job));
    admin::Answer<>(answer)
        .then(this, [this, shared](const base::Result<> &outcome) { finish(*shared, outcome); })
        .onCanceled(this, [this, shared] {
            finish(*shared,
                   base::fail(base::ErrorCode::Cancelled,
                              base::Message::verbatim(tr("The program is shutting down."))));
        });
}

// Takes the command from the stack at the moment it is run; false: there is none any more.
bool UndoStack::prepare(Job &job) const
{
    if (job.direction == Direction::Do || job.direction == Direction::Keep)
        return true;
    const bool back = job.direction == Direction::Undo;
    if (back ? !m_stack.canUndo() : !m_stack.canRedo())
        return false;
    job.command = keptAt(m_stack, back ? m_stack.index() - 1 : m_stack.index()).command;
    return true;
}

void UndoStack::finish(const Job &given, const base::Result<> &outcome)
{
    Job job = given;
    if (outcome && job.direction == Direction::Do && job.command.told)
        job.command.text = job.command.told();
    m_busy = false;
    if (outcome) {
        switch (job.direction) {
        case Direction::Do:
        case Direction::Keep:
            m_stack.push(new KeptCommand(job.command));
            break;
        case Direction::Undo:
            m_stack.undo();
            break;
        case Direction::Redo:
            m_stack.redo();
            break;
        }
    } else if (!mayWorkLater(outcome.error())) {
        drop(job.direction);
    }
    emit changed();
    if (!outcome)
        emit failed(job.command.text, outcome.error());
    else if (job.direction == Direction::Undo)
        emit undone(job.command.text);
    else
        emit done(job.command.text);
    if (job.report)
        job.report(outcome);
    runNext();
}

// The command that could not be undone or redone. QUndoStack removes one only in passing over it.
void UndoStack::drop(Direction direction)
{
    if (direction == Direction::Undo && m_stack.canUndo()) {
        keptAt(m_stack, m_stack.index() - 1).refused = true;
        m_stack.undo();
    } else if (direction == Direction::Redo && m_stack.canRedo()) {
        keptAt(m_stack, m_stack.index()).refused = true;
        m_stack.redo();
    }
}

} // namespace gatehouse::ui
