#include "management/statuscontroller.h"

using namespace Qt::StringLiterals;

namespace gatehouse::management {

namespace {

// What One API names and this gateway does not offer.
void addAbsent(QJsonObject &status)
{
    for (const QString &name : {u"email_verification"_s,
                                u"github_oauth"_s,
                                u"wechat_login"_s,
                                u"turnstile_check"_s,
                                u"oidc"_s})
        status.insert(name, false);
    for (const QString &name : {u"github_client_id"_s,
                                u"lark_client_id"_s,
                                u"wechat_qrcode"_s,
                                u"turnstile_site_key"_s,
                                u"oidc_client_id"_s,
                                u"oidc_well_known"_s,
                                u"oidc_authorization_endpoint"_s,
                                u"oidc_token_endpoint"_s,
                                u"oidc_userinfo_endpoint"_s})
        status.insert(name, QString());
}

} // namespace

void StatusController::addTo(Router &router)
{
    const auto text = [this, &router](const QByteArray &path, auto read) {
        router.add({.method = "GET",
                    .pattern = path,
                    .policy = Policy::open(),
                    .handler = [this, read](const Call &) {
                        return responded(succeeded(read(m_admin.settings.current().texts)));
                    }});
    };
    text("/api/notice", [](const auto &texts) { return texts.notice; });
    text("/api/about", [](const auto &texts) { return texts.about; });
    text("/api/home_page_content", [](const auto &texts) { return texts.homePage; });
}

QByteArray statusBody(const domain::Settings &settings, const QString &version, qint64 startedAt)
{
    const domain::Settings::Texts &texts = settings.texts;
    QJsonObject status{{u"version"_s, version},
                       {u"start_time"_s, startedAt},
                       {u"system_name"_s, texts.systemName},
                       {u"logo"_s, texts.logo},
                       {u"footer_html"_s, texts.footer},
                       {u"server_address"_s, texts.serverAddress},
                       {u"top_up_link"_s, texts.topUpLink},
                       {u"chat_link"_s, texts.chatLink},
                       {u"quota_per_unit"_s, domain::Quota::perDollar},
                       {u"display_in_currency"_s, settings.accounting.displayInCurrency}};
    addAbsent(status);
    return succeeded(status).body;
}

} // namespace gatehouse::management
