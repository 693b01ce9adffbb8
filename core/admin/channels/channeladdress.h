#pragma once

#include "base/message.h"

#include <QString>

#include <functional>

namespace gatehouse::admin {

// Whether a call to that host and port would come back to this gateway. Called in any thread.
using OwnAddress = std::function<bool(const QString &host, quint16 port)>;

// What is to be said of a provider's address before a channel is saved with it.
struct AddressReview
{
    QString normalized{};    // as it would be stored; empty: the type's own address
    QString requestUrl{};    // where chats would go, with "{model}" for the model; empty: nowhere
    base::Message problem{}; // why it cannot be used, as a sentence; empty: it can
    bool isOwn = false;      // it leads back to this gateway
    bool isPlainPublic = false; // keys and texts would cross the internet without TLS
};

// `typed` is empty for the type's own address, `apiVersion` for the usual one.
AddressReview reviewAddress(const QString &typed,
                            int providerType,
                            const QString &apiVersion,
                            const OwnAddress &isOwnAddress);

// Whether what is sent to that host stays within the house: it is an address of this computer or of a
// private network, or its name has no dot or ends in a domain of the local network.
bool staysLocal(const QString &host);

} // namespace gatehouse::admin
