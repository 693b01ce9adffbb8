#pragma once

#include "admin/channelservice.h"
#include "admin/firststart.h"
#include "admin/groupservice.h"
#include "admin/passwordpool.h"
#include "admin/priceservice.h"
#include "admin/sessionservice.h"
#include "admin/settingsservice.h"
#include "admin/tokenservice.h"
#include "admin/usageservice.h"
#include "admin/userservice.h"

namespace gatehouse::admin {

// What the administration needs from below and from the application. The references outlive it.
struct AdministrationParts
{
    storage::StorageThreads &storage;
    const storage::KeySealer &sealer;
    const base::Clock &clock;
    relay::Admission &admission;
    relay::ChannelHealth &health;
    base::Secret sessionSecret{};
    QMap<QString, QString> environment{};
    BuiltInPrice builtInPrice{};
    OwnAddress isOwnAddress{};
    secrets::PasswordCost passwordCost{};
};

// All services of the administration, which the window, the command line and the management API
// share. Lives in the main thread.
class Administration
{
public:
    explicit Administration(AdministrationParts parts);
    Administration(const Administration &) = delete;
    Administration &operator=(const Administration &) = delete;

    // Makes the first user if there is none, seals what is not, then publishes the first catalog.
    Answer<FirstStartReport> start(FirstStartOptions options);

private:
    Answer<> prepareChannels();

    PasswordPool m_passwords;

public:
    CatalogPublisher publisher;
    const Foundation foundation;
    UserService users;
    TokenService tokens;
    ChannelService channels;
    GroupService groups;
    PriceService prices;
    SettingsService settings;
    UsageService usage;
    SessionService sessions;
};

} // namespace gatehouse::admin
