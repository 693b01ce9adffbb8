#include "desktop/pages.h"

#include "channels/channelspage.h"
#include "dashboard/dashboardpage.h"
#include "models/modelspage.h"
#include "settings/settingspage.h"
#include "tokens/tokenspage.h"
#include "traffic/trafficpage.h"
#include "users/userspage.h"

namespace gatehouse::app {

namespace {

template<typename T>
ui::Page *make(const ui::Services &services)
{
    return new T(services);
}

// What waits for a restart of the listener stays when the page is dropped.
ui::PageFactories::mapped_type settingsFactory(const ui::SettingsHooks &hooks)
{
    auto kept = std::make_shared<std::shared_ptr<ui::SettingsStore>>();
    return [hooks, kept](const ui::Services &services) -> ui::Page * {
        if (!*kept)
            *kept = std::make_shared<ui::SettingsStore>(services, hooks);
        return new ui::SettingsPage(services, *kept);
    };
}

} // namespace

ui::PageFactories pageFactories(const ui::SettingsHooks &hooks)
{
    using ui::PageId;
    return {{PageId::Dashboard, make<ui::DashboardPage>},
            {PageId::Traffic, make<ui::TrafficPage>},
            {PageId::Channels, make<ui::ChannelsPage>},
            {PageId::Models, make<ui::ModelsPage>},
            {PageId::Tokens, make<ui::TokensPage>},
            {PageId::Users, make<ui::UsersPage>},
            {PageId::Settings, settingsFactory(hooks)}};
}

} // namespace gatehouse::app
