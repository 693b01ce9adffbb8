#pragma once

#include "admin/catalogpublisher.h"
#include "base/clock.h"
#include "relay/admission/admission.h"
#include "relay/routing/channelhealth.h"
#include "relay/routing/channelload.h"
#include "storage/keysealer.h"
#include "storage/storagethreads.h"

namespace gatehouse::admin {

class PasswordPool;

// What the services are built upon. All of it outlives them.
struct Foundation
{
    storage::StorageThreads &storage;
    const storage::KeySealer &sealer;
    const base::Clock &clock;
    relay::Admission &admission;
    relay::ChannelHealth &health;
    relay::ChannelLoad &load;
    CatalogPublisher &publisher;
    PasswordPool &passwords;

    // Whether the keys of new tokens are kept so that they can be shown again.
    bool keepsKeys() const
    {
        const auto &catalog = publisher.catalog();
        return !catalog || catalog->settings().accounting.recoverableKeys;
    }
    qint64 now() const { return clock.wallMilliseconds() / 1000; } // seconds since 1970, UTC
};

} // namespace gatehouse::admin
