#include "pages.h"

#include "channels/channelspage.h"
#include "dashboard/dashboardpage.h"
#include "models/modelspage.h"
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

} // namespace

ui::PageFactories pageFactories()
{
    using ui::PageId;
    return {{PageId::Dashboard, make<ui::DashboardPage>},
            {PageId::Traffic, make<ui::TrafficPage>},
            {PageId::Channels, make<ui::ChannelsPage>},
            {PageId::Models, make<ui::ModelsPage>},
            {PageId::Tokens, make<ui::TokensPage>},
            {PageId::Users, make<ui::UsersPage>}};
}

} // namespace gatehouse::app
