#include "admin/import/importplan.h"

#include "admin/import/importtexts.h"
#include "domain/settings.h"

#include <cmath>

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

using base::Message;
using domain::Group;
using storage::ForeignGateway;
using Cause = ImportNote::Cause;

namespace {

constexpr double largestRatio = 1e6;
constexpr qsizetype longestGroup = 64;
constexpr qint64 listPrice = 1'000'000;

// The factors by the names of groups.
QMap<QString, double> ratiosOf(const ForeignGateway &source, ImportReport &report)
{
    QMap<QString, double> ratios;
    const QString name = u"GroupRatio"_s;
    const auto object = objectFrom(source.options.value(name).toUtf8());
    if (!object) {
        report.skip(ImportKind::Setting,
                    name,
                    Cause::Unusable,
                    Message::tr("It is no JSON object; groups have the factor 1."));
        return ratios;
    }
    for (auto it = object->constBegin(); it != object->constEnd(); ++it)
        ratios.insert(it.key(), it->toDouble(std::nan("")));
    return ratios;
}

bool isJoined(const QByteArray &group, const ImportPlan &plan)
{
    return std::any_of(plan.users.begin(), plan.users.end(), [&](const ImportPlan::User &user) {
        return user.user.group == group;
    });
}

void planGroup(const QString &name, double ratio, const ImportGround &ground, ImportPlan &plan)
{
    // What is the same on both sides is nothing to import, and no news.
    const auto known =
        std::find_if(ground.groups.cbegin(),
                     ground.groups.cend(),
                     [name = name.toUtf8()](const Group &one) { return one.name == name; });
    if (known != ground.groups.cend()
        && double(known->ratioMillionths) == std::round(ratio * double(listPrice)))
        return;
    ImportReport &report = plan.report;
    ++report.count(ImportKind::Group).found;
    const bool isUsable = std::isfinite(ratio) && ratio >= 0 && ratio <= largestRatio;
    if (name.isEmpty() || cleanText(name, longestGroup) != name || name.contains(u',')) {
        report.skip(ImportKind::Group,
                    name,
                    Cause::Unusable,
                    Message::tr("This is no name for a group here."));
        return;
    }
    const Group group{.name = name.toUtf8(),
                      .ratioMillionths =
                          isUsable ? std::llround(ratio * double(listPrice)) : listPrice};
    const bool isFree =
        known == ground.groups.cend()
        || (known->ratioMillionths == listPrice && !ground.entries.usedGroups.contains(group.name));
    if (!isFree) {
        const double present = double(known->ratioMillionths) / double(listPrice);
        const Message text =
            isUsable ? Message::tr("It is here with the factor %1, which stays; there it is %2.")
                           .arg(present, ratio)
                     : Message::tr("It is here with the factor %1, which stays; the one there "
                                   "cannot be used.")
                           .arg(present);
        // Those who come along into the group pay otherwise than they did.
        if (isJoined(group.name, plan))
            report.alter(ImportKind::Group, name, text);
        else
            report.skip(ImportKind::Group, name, Cause::Present, text);
        return;
    }
    if (!isUsable) {
        report.alter(ImportKind::Group,
                     name,
                     Message::tr("Its factor cannot be used here; it is 1 now. Look at it before "
                                 "the group is used."));
    }
    plan.groups.push_back(group);
    ++report.count(ImportKind::Group).imported;
}

// What names the other program itself.
bool belongsToSource(const QString &option)
{
    return option == "ServerAddress"_L1;
}

// Who signs in does so with a password here: there is nothing else.
bool locksOut(const QString &key, const QString &value)
{
    return key == "sessions.password_login"_L1 && value == "false"_L1;
}

bool holdsPrices(const QMap<QString, QString> &options)
{
    static const QStringList names{u"ModelRatio"_s, u"CompletionRatio"_s, u"ModelPrice"_s};
    return std::any_of(
        names.cbegin(), names.cend(), [&](const QString &name) { return options.contains(name); });
}

} // namespace

bool ImportPlan::imports() const
{
    return !users.empty() || !tokens.empty() || !channels.empty() || !groups.empty()
           || !settings.isEmpty();
}

ImportPlan planImport(const ForeignGateway &source, const ImportGround &ground)
{
    ImportPlan plan;
    plan.report.source =
        source.kind == storage::ForeignKind::NewApi ? ImportSource::NewApi : ImportSource::OneApi;
    plan.report.logs = source.logs;
    plan.report.redemptions = source.redemptions;
    plan.report.prices = holdsPrices(source.options);
    planUsers(source, ground, plan);
    planTokens(source, ground, plan);
    planChannels(source, ground, plan);
    planGroups(source, ground, plan);
    planSettings(source, ground, plan);
    return plan;
}

// Those with a factor, and those that users and channels are in.
void planGroups(const ForeignGateway &source, const ImportGround &ground, ImportPlan &plan)
{
    QMap<QString, double> ratios = ratiosOf(source, plan.report);
    const auto use = [&ratios](const QString &name) {
        if (!ratios.contains(name))
            ratios.insert(name, 1);
    };
    for (const ImportPlan::User &user : plan.users)
        use(QString::fromUtf8(user.user.group));
    for (const ImportPlan::Channel &planned : plan.channels) {
        for (const QString &group : planned.channel.groups)
            use(group);
    }
    for (auto it = ratios.cbegin(); it != ratios.cend(); ++it)
        planGroup(it.key(), it.value(), ground, plan);
}

// Amounts are taken over in units, and a unit is worth the same everywhere, unless it was set otherwise.
void noteUnits(const ForeignGateway &source, ImportReport &report)
{
    constexpr double units = 500'000;
    const QString name = u"QuotaPerUnit"_s;
    const QString value = source.options.value(name).trimmed();
    bool isNumber = false;
    if (value.isEmpty() || (value.toDouble(&isNumber) == units && isNumber))
        return;
    ++report.count(ImportKind::Setting).found;
    report.skip(
        ImportKind::Setting,
        name,
        Cause::Unusable,
        Message::tr("A dollar is %1 units here, and %2 there. Balances keep their numbers of "
                    "units, and so are worth something else.")
            .arg(qint64(units), shownName(value)));
}

void planSettings(const ForeignGateway &source, const ImportGround &ground, ImportPlan &plan)
{
    ImportReport &report = plan.report;
    noteUnits(source, report);
    for (const domain::SettingDescriptor &setting : domain::settingDescriptors()) {
        const auto option = source.options.constFind(setting.oneApiKey);
        if (setting.oneApiKey.isEmpty() || option == source.options.cend())
            continue;
        domain::Settings trial;
        const bool isUsable = domain::assign(trial, setting.key, *option).has_value();
        const QString value = isUsable ? setting.read(trial) : QString();
        const QString present = ground.settings.value(setting.key, setting.read({}));
        if (isUsable && value == present)
            continue;
        ++report.count(ImportKind::Setting).found;
        if (!isUsable) {
            report.skip(ImportKind::Setting,
                        setting.oneApiKey,
                        Cause::Unusable,
                        Message::tr("Its value cannot be used here."));
            continue;
        }
        if (locksOut(setting.key, value)) {
            report.skip(ImportKind::Setting,
                        setting.oneApiKey,
                        Cause::Unusable,
                        Message::tr("There is no other way to sign in here."));
        } else if (belongsToSource(setting.oneApiKey)) {
            report.skip(ImportKind::Setting,
                        setting.oneApiKey,
                        Cause::Present,
                        Message::tr("It is the address of the other program."));
        } else if (ground.settings.contains(setting.key)) {
            report.skip(ImportKind::Setting,
                        setting.oneApiKey,
                        Cause::Present,
                        Message::tr("It was changed here, and stays as it is."));
        } else {
            plan.settings.insert(setting.key, value);
            ++report.count(ImportKind::Setting).imported;
        }
    }
}

} // namespace gatehouse::admin
