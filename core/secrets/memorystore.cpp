#include "secrets/memorystore.h"

using namespace Qt::StringLiterals;

namespace gatehouse::secrets {

MemoryStore::MemoryStore(QObject *parent)
    : QObject(parent)
{}

void MemoryStore::read(StoreAnswer answer)
{
    StoreOutcome outcome{.state = StoreOutcome::State::Absent};
    if (readTrouble)
        outcome = *readTrouble;
    else if (item)
        outcome = {.state = StoreOutcome::State::Found, .item = *item};
    answerLater(std::move(answer), std::move(outcome));
}

void MemoryStore::write(const base::Secret &newItem, StoreAnswer answer)
{
    ++writes;
    if (!writeTrouble)
        item = newItem;
    answerLater(std::move(answer),
                writeTrouble.value_or(StoreOutcome{.state = StoreOutcome::State::Written}));
}

void MemoryStore::remove(StoreAnswer answer)
{
    if (!writeTrouble)
        item.reset();
    answerLater(std::move(answer),
                writeTrouble.value_or(StoreOutcome{.state = StoreOutcome::State::Written}));
}

base::Message MemoryStore::place() const
{
    return base::Message::tr("the memory of this process");
}

void MemoryStore::answerLater(StoreAnswer answer, StoreOutcome outcome)
{
    QMetaObject::invokeMethod(
        this,
        [answer = std::move(answer), outcome = std::move(outcome)] { answer(outcome); },
        Qt::QueuedConnection);
}

} // namespace gatehouse::secrets
