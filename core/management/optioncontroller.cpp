#include "management/optioncontroller.h"

#include "base/json.h"

#include <cmath>

using namespace Qt::StringLiterals;

namespace gatehouse::management {

using admin::RatioKind;
using admin::Ratios;
using base::Result;
using domain::Group;

namespace {

const QString groupRatio = u"GroupRatio"_s;

std::optional<RatioKind> ratioKind(const QString &key)
{
    static const QHash<QString, RatioKind> kinds{{u"ModelRatio"_s, RatioKind::Model},
                                                 {u"CompletionRatio"_s, RatioKind::Completion},
                                                 {u"CacheRatio"_s, RatioKind::Cache},
                                                 {u"ModelPrice"_s, RatioKind::Call}};
    const auto found = kinds.constFind(key);
    return found == kinds.cend() ? std::nullopt : std::optional(*found);
}

// What One API can be told and what is as it is here.
const QMap<QString, QString> &fixedOptions()
{
    static const QMap<QString, QString> fixed{{u"QuotaPerUnit"_s, u"500000"_s},
                                              {u"RegisterEnabled"_s, u"false"_s},
                                              {u"PasswordRegisterEnabled"_s, u"false"_s},
                                              {u"EmailVerificationEnabled"_s, u"false"_s},
                                              {u"EmailDomainRestrictionEnabled"_s, u"false"_s},
                                              {u"GitHubOAuthEnabled"_s, u"false"_s},
                                              {u"OidcEnabled"_s, u"false"_s},
                                              {u"WeChatAuthEnabled"_s, u"false"_s},
                                              {u"TurnstileCheckEnabled"_s, u"false"_s}};
    return fixed;
}

void append(QJsonArray &options, const QString &key, const QString &value)
{
    options.append(QJsonObject{{u"key"_s, key}, {u"value"_s, value}});
}

QString groupText(const std::vector<Group> &groups)
{
    Ratios ratios;
    for (const Group &group : groups)
        ratios.insert(QString::fromUtf8(group.name), double(group.ratioMillionths) / 1e6);
    return admin::jsonOf(ratios);
}

QJsonArray optionsJson(const std::vector<admin::SettingView> &settings,
                       const std::vector<admin::NamedPrice> &prices,
                       const std::vector<Group> &groups,
                       const QMap<QString, QString> &foreign)
{
    QJsonArray options;
    for (const admin::SettingView &setting : settings) {
        append(options, setting.key, setting.value);
        if (!setting.oneApiKey.isEmpty())
            append(options, setting.oneApiKey, setting.value);
    }
    const auto ratios = [&](const QString &key, RatioKind kind) {
        append(options, key, admin::jsonOf(admin::ratiosOf(prices, kind)));
    };
    ratios(u"ModelRatio"_s, RatioKind::Model);
    ratios(u"CompletionRatio"_s, RatioKind::Completion);
    ratios(u"CacheRatio"_s, RatioKind::Cache);
    ratios(u"ModelPrice"_s, RatioKind::Call);
    append(options, groupRatio, groupText(groups));
    const QMap<QString, QString> &fixed = fixedOptions();
    for (auto it = fixed.cbegin(); it != fixed.cend(); ++it)
        append(options, it.key(), it.value());
    for (auto it = foreign.cbegin(); it != foreign.cend(); ++it)
        append(options, it.key(), it.value());
    return options;
}

} // namespace

void OptionController::addTo(Router &router)
{
    constexpr int badRequest = 400;
    router.add({.method = "GET",
                .pattern = "/api/option",
                .policy = Policy::root(),
                .handler = [this](const Call &call) { return list(call); }});
    router.add({.method = "PUT",
                .pattern = "/api/option",
                .policy = Policy::root(),
                .handler = [this](const Call &call) { return change(call); },
                .hasBody = true,
                .badBodyStatus = badRequest});
}

Response OptionController::list(const Call &)
{
    using Named = std::vector<admin::NamedPrice>;
    using Foreign = QMap<QString, QString>;
    const auto array = admin::onSuccess(m_admin.prices.named(), m_context, [this](Named prices) {
        return admin::onSuccess(
            m_admin.groups.list(), m_context, [this, prices](std::vector<Group> groups) {
                return admin::onSuccess(m_admin.settings.foreign(),
                                        m_context,
                                        [this, prices, groups](const Foreign &foreign) {
                                            return Result<QJsonArray>(optionsJson(
                                                m_admin.settings.all(), prices, groups, foreign));
                                        });
            });
    });
    return respond(QFuture(array), [](const QJsonArray &options) { return options; });
}

Response OptionController::change(const Call &call)
{
    constexpr int badRequest = 400;
    const auto key = call.reader().string(u"key");
    const auto value = call.reader().string(u"value");
    if (!key || !value || !*key || !*value) {
        return responded(
            refusal(u"Send {\"key\": …, \"value\": …}, both of them texts."_s, badRequest));
    }
    if (const auto kind = ratioKind(**key)) {
        const Result<Ratios> ratios = admin::ratiosFrom(**value);
        if (!ratios)
            return responded(ratios.error());
        return respond(m_admin.prices.setRatios(*kind, *ratios));
    }
    if (**key == groupRatio)
        return setGroupRatios(**value);
    if (fixedOptions().contains(**key)) {
        if (fixedOptions().value(**key) == (*value)->trimmed())
            return responded(succeeded());
        return responded(
            refusal(u"%1 is always %2 in this gateway."_s.arg(**key, fixedOptions().value(**key))));
    }
    if (domain::settingDescriptor(**key))
        return respond(m_admin.settings.set(**key, **value));
    return respond(m_admin.settings.setForeign(**key, **value));
}

Response OptionController::setGroupRatios(const QString &value)
{
    const Result<Ratios> ratios = admin::ratiosFrom(value);
    if (!ratios)
        return responded(ratios.error());
    std::vector<Group> groups;
    for (auto it = ratios->cbegin(); it != ratios->cend(); ++it) {
        groups.push_back({.name = it.key().toUtf8(),
                          .ratioMillionths = static_cast<qint64>(std::llround(it.value() * 1e6))});
    }
    return respond(m_admin.groups.replaceAll(std::move(groups)));
}

} // namespace gatehouse::management
