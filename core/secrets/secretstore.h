#pragma once

#include "base/message.h"
#include "base/secret.h"

#include <QString>

#include <functional>

namespace gatehouse::secrets {

// How reading or writing an item ended.
struct StoreOutcome
{
    enum class State {
        Found,      // read: here it is
        Written,    // the item is stored, or removed, as was asked
        Absent,     // the store works and holds no such item
        Denied,     // a person or the system refused the access
        Locked,     // the store is closed until someone unlocks it
        NoKeychain, // there is no such store on this machine
        TimedOut,   // no answer within the store's time limit
        Failed,     // anything else, described by `text`
    };

    State state = State::Failed;
    base::Secret item{};  // of Found
    base::Message text{}; // for people; what the system said, without any secret

    bool isFound() const { return state == State::Found; }
    bool isWritten() const { return state == State::Written; }
};

using StoreAnswer = std::function<void(const StoreOutcome &)>;

// A place for one secret item. It is used in the thread that made it, which must have a running
// event loop. Each call is answered exactly once, from that loop and never before the call has
// returned; a store that is destroyed answers no more.
class SecretStore
{
public:
    SecretStore() = default;
    SecretStore(const SecretStore &) = delete;
    SecretStore &operator=(const SecretStore &) = delete;
    virtual ~SecretStore() = default;

    virtual void read(StoreAnswer answer) = 0;
    // Replaces the item, if there is one.
    virtual void write(const base::Secret &item, StoreAnswer answer) = 0;
    // An item that was absent already counts as removed.
    virtual void remove(StoreAnswer answer) = 0;

    // Where that is, in words that complete "The secrets are in …".
    virtual base::Message place() const = 0;
};

} // namespace gatehouse::secrets
