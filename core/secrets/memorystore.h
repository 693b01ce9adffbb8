#pragma once

#include "secrets/secretstore.h"

#include <QObject>

#include <optional>

namespace gatehouse::secrets {

// Holds the item for as long as the process runs. It can be told to answer like a store in trouble.
class MemoryStore final : public QObject, public SecretStore
{
public:
    explicit MemoryStore(QObject *parent = nullptr);

    void read(StoreAnswer answer) override;
    void write(const base::Secret &item, StoreAnswer answer) override;
    void remove(StoreAnswer answer) override;
    base::Message place() const override;

    std::optional<base::Secret> item{};
    std::optional<StoreOutcome> readTrouble{};  // what read() answers instead
    std::optional<StoreOutcome> writeTrouble{}; // what write() and remove() answer instead
    int writes = 0;

private:
    void answerLater(StoreAnswer answer, StoreOutcome outcome);
};

} // namespace gatehouse::secrets
