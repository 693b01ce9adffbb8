#include "channels/detailtabs.h"

#include "admin/channels/channelservice.h"
#include "admin/history/historytexts.h"
#include "admin/traffic/refusalreason.h"
#include "domain/bodysecrets.h"
#include "domain/filterquery.h"
#include "domain/outgoingproxies.h"
#include "domain/providertype.h"
#include "widgets/format.h"

#include <QJsonDocument>
#include <QUrl>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

constexpr qsizetype mostModels = 400;

// Of one that is not switched off: when it comes to a request again.
QString refusedText(const admin::KeyOverview &key)
{
    const QDateTime until = QDateTime::fromMSecsSinceEpoch(key.until);
    return until > QDateTime::currentDateTime()
               ? DetailTabs::tr("refused by the provider, tried again at %1")
                     .arg(Format::time(until))
               : DetailTabs::tr("refused by the provider, tried again by the next request");
}

QString keyStateText(const admin::KeyOverview &key)
{
    switch (key.state) {
    case admin::KeyOverview::State::Usable:
        return DetailTabs::tr("usable");
    case admin::KeyOverview::State::Resting:
        if (key.until <= QDateTime::currentMSecsSinceEpoch())
            return DetailTabs::tr("its rest is over; the next request tries it");
        return DetailTabs::tr("rests until %1")
            .arg(Format::time(QDateTime::fromMSecsSinceEpoch(key.until)));
    case admin::KeyOverview::State::Refused:
        return key.until > 0 ? refusedText(key) : DetailTabs::tr("refused by the provider");
    case admin::KeyOverview::State::NoCredit:
        return DetailTabs::tr("out of credit");
    case admin::KeyOverview::State::Disabled:
        return DetailTabs::tr("switched off");
    }
    return {};
}

QString numberTerm(const QString &key, domain::ChannelId channel)
{
    return domain::exactTerm(key, QString(u'#' % QString::number(channel.value)));
}

// Of exactly the requests that were counted.
QString termsOf(const admin::FailureGroup &failures, domain::ChannelId channel)
{
    QStringList terms{numberTerm(u"channel"_s, channel), u"status:error"_s};
    if (failures.httpStatus > 0)
        terms.append(u"status:%1"_s.arg(failures.httpStatus));
    terms.append(domain::exactTerm(u"error"_s, QString::fromUtf8(failures.errorCode)));
    terms.append(u"key:%1"_s.arg(failures.key));
    terms.append(u"since:24h"_s);
    return terms.join(u' ');
}

// How many attempts in a row have failed, as far as the channel is known by that.
int attemptsInARow(const admin::HealthReason &reason)
{
    using Kind = admin::HealthReason::Kind;
    switch (reason.kind) {
    case Kind::FailuresInARow:
    case Kind::RateLimited:
    case Kind::Breaker:
    case Kind::Probe:
        return reason.failed;
    default:
        return 0;
    }
}

QString withoutFailures(const admin::HealthReason &reason)
{
    const int inARow = attemptsInARow(reason);
    if (inARow == 0)
        return DetailTabs::tr("None in the last 24 hours.");
    return inARow == 1
               ? DetailTabs::tr("An attempt failed; its request went on to another channel.")
               : DetailTabs::tr("%n attempts in a row failed; the requests went on to other "
                                "channels.",
                                nullptr,
                                inARow);
}

Fact passedOnFact(const admin::ChannelDetail &detail, domain::ChannelId channel)
{
    const int count = static_cast<int>(std::min<qint64>(detail.passedOn, INT_MAX));
    return {.label = Format::time(QDateTime::fromMSecsSinceEpoch(detail.latestPassedOn)),
            .text = DetailTabs::tr("left for another channel"),
            .door = DetailTabs::tr("%1×").arg(count),
            .filter = DetailTabs::passedOnTerms(channel),
            .doorMeaning = DetailTabs::tr(
                "Show the %n requests that went on to another channel", nullptr, count)};
}

QString moment(qint64 seconds)
{
    return Format::full(QDateTime::fromSecsSinceEpoch(seconds));
}

QString testText(const domain::Channel &channel)
{
    if (channel.testedAt <= 0)
        return DetailTabs::tr("never");
    if (channel.responseMilliseconds <= 0)
        return DetailTabs::tr("%1, failed").arg(moment(channel.testedAt));
    return DetailTabs::tr("%1, answered in %2")
        .arg(moment(channel.testedAt),
             Format::duration(std::chrono::milliseconds(channel.responseMilliseconds)));
}

// The first of them, and how many there are beside.
QString shortList(const QStringList &names)
{
    constexpr qsizetype most = 3;
    if (names.size() <= most)
        return Format::list(names);
    return DetailTabs::tr("%1 and %n more", nullptr, static_cast<int>(names.size() - most))
        .arg(QStringList(names.mid(0, most)).join(u", "_s));
}

// Where `channel` stands among those that serve a model.
QString placeText(const domain::Channel &channel, const admin::ServedModel &model)
{
    QStringList before;
    QStringList beside;
    bool isServed = false;
    for (const admin::RouteCandidate &each : model.channels) {
        if (each.channel == channel.id)
            isServed = each.exclusion == admin::RouteExclusion::None;
        else if (each.exclusion != admin::RouteExclusion::None)
            continue;
        else if (each.priority > channel.priority)
            before.append(each.name);
        else if (each.priority == channel.priority)
            beside.append(each.name);
    }
    if (!isServed)
        return DetailTabs::tr("not now");
    if (!before.isEmpty())
        return DetailTabs::tr("after %1").arg(shortList(before));
    if (!beside.isEmpty())
        return DetailTabs::tr("first, shared with %1").arg(shortList(beside));
    return DetailTabs::tr("first");
}

void addText(QList<Fact> &facts, const QString &label, const QString &text)
{
    if (!text.isEmpty())
        facts.append({.label = label, .text = text});
}

void addCount(QList<Fact> &facts, const QString &label, qint64 count)
{
    if (count > 0)
        facts.append(
            {.label = label, .text = DetailTabs::tr("at most %1").arg(Format::count(count))});
}

QString keysText(const ChannelRow &row)
{
    if (row.channel.type == domain::provider::echo)
        return DetailTabs::tr("none needed");
    if (row.keysLost)
        return DetailTabs::tr("lost in the restore; enter them again");
    if (row.overview.keys == 0)
        return DetailTabs::tr("none needed");
    return DetailTabs::tr("%1 of %2 usable").arg(row.overview.usableKeys).arg(row.overview.keys);
}

// Leads to the requests that came to it.
Fact costFact(const ChannelRow &row, const QString &label, domain::Cost cost, const QString &since)
{
    const QString terms = numberTerm(u"channel"_s, row.channel.id);
    return {.label = label,
            .door = Format::money(cost),
            .filter = QString(terms % u" since:"_s % since),
            .doorMeaning = DetailTabs::tr("%1: %2. Show the requests", "cost of a day, amount")
                               .arg(label, Format::money(cost))};
}

Fact unverifiedFact()
{
    return {.label = DetailTabs::tr("Certificate"),
            .text = DetailTabs::tr("⚠ Any is accepted: others may read along"),
            .tone = Tone::Failure};
}

void addTime(QList<Fact> &facts, const QString &label, std::chrono::milliseconds time)
{
    if (time.count() > 0)
        facts.append({.label = label, .text = Format::duration(time)});
}

} // namespace

QList<Fact> DetailTabs::overview(const ChannelRow &row)
{
    const domain::Channel &channel = row.channel;
    QList<Fact> facts{
        {.label = tr("Requests go to"), .text = channel.effectiveBaseUrl()},
        {.label = tr("Keys"), .text = keysText(row)},
        {.label = tr("Order"),
         .text = tr("priority %1, weight %2").arg(channel.priority).arg(channel.weight)},
        {.label = tr("Groups"), .text = channel.groups.join(u", "_s)},
        {.label = tr("Last test"), .text = testText(channel)},
        costFact(row, tr("Cost, 24 h"), row.overview.day.cost, u"24h"_s),
        costFact(row, tr("Cost, 30 d"), row.overview.monthCost, u"30d"_s)};
    if (channel.effectiveBaseUrl().isEmpty())
        facts.removeFirst();
    if (!channel.verifyCertificate)
        facts.prepend(unverifiedFact());
    addText(facts, tr("Tags"), channel.tags.join(u", "_s));
    addText(facts, tr("Note"), channel.note);
    return facts;
}

QList<Fact> DetailTabs::failures(const admin::ChannelDetail &detail,
                                 const admin::ChannelOverview &overview)
{
    QList<Fact> facts;
    constexpr size_t most = 6;
    for (size_t i = 0; i < qMin(most, detail.failures.size()); ++i) {
        const admin::FailureGroup &each = detail.failures[i];
        QString text = QString::fromUtf8(each.errorCode);
        if (each.httpStatus > 0)
            text = tr("%1 %2").arg(QString::number(each.httpStatus), text);
        if (!each.keySuffix.isEmpty())
            text = tr("%1, key …%2").arg(text.trimmed(), each.keySuffix);
        facts.append({.label = Format::time(QDateTime::fromMSecsSinceEpoch(each.latest)),
                      .text = text.trimmed(),
                      .door = tr("%1×").arg(each.count),
                      .filter = termsOf(each, overview.channel),
                      .doorMeaning = tr("Show these %n failures", nullptr, each.count)});
    }
    if (detail.passedOn > 0)
        facts.append(passedOnFact(detail, overview.channel));
    if (facts.isEmpty())
        facts.append({.text = withoutFailures(overview.reason)});
    return facts;
}

QString DetailTabs::passedOnTerms(domain::ChannelId channel)
{
    return numberTerm(u"tried"_s, channel) % u" -"_s % numberTerm(u"channel"_s, channel)
           % u" since:24h"_s;
}

bool DetailTabs::failedForOthers(const admin::ChannelOverview &overview)
{
    using Kind = admin::HealthReason::Kind;
    const Kind kind = overview.reason.kind;
    return overview.day.channelFaults == 0
           && (overview.day.passedOnFaults > 0 || attemptsInARow(overview.reason) > 0
               || kind == Kind::KeysRefused || kind == Kind::OutOfCredit);
}

QList<Fact> DetailTabs::keys(const admin::ChannelDetail &detail, const ChannelRow &row)
{
    QList<Fact> facts;
    for (const admin::KeyOverview &key : detail.keys) {
        const QString name = key.suffix.isEmpty() ? QString::number(key.key) : key.suffix;
        facts.append({.label = tr("…%1").arg(name), .text = keyStateText(key)});
    }
    if (facts.isEmpty())
        facts.append({.text = row.keysLost ? tr("They were lost in the restore; enter them again.")
                                           : tr("This channel needs no key.")});
    return facts;
}

QList<Fact> DetailTabs::models(const domain::Channel &channel)
{
    if (channel.models.isEmpty())
        return {{.text = tr("Without models the channel serves nothing.")}};
    QStringList lines;
    for (const QString &model : channel.models.mid(0, mostModels)) {
        const QString other = channel.providerModel(model);
        lines.append(other == model ? model : tr("%1 → %2").arg(model, other));
    }
    if (channel.models.size() > mostModels) {
        lines.append(
            tr("and %n more", nullptr, static_cast<int>(channel.models.size() - mostModels)));
    }
    return {{.text = lines.join(u'\n')}};
}

QList<Fact> DetailTabs::routing(const domain::Channel &channel,
                                const std::vector<admin::ServedModel> &served)
{
    QList<Fact> facts{{.label = tr("Priority"), .text = QString::number(channel.priority)},
                      {.label = tr("Weight"), .text = QString::number(channel.weight)},
                      {.label = tr("Groups"), .text = channel.groups.join(u", "_s)}};
    constexpr qsizetype most = 60;
    qsizetype left = channel.models.size();
    for (const admin::ServedModel &model : served) {
        const QString name = QString::fromUtf8(model.model);
        if (!channel.models.contains(name))
            continue;
        if (facts.size() > most)
            break;
        --left;
        facts.append({.label = name, .text = placeText(channel, model)});
    }
    if (left > 0)
        facts.append({.text = tr("and %n more", nullptr, static_cast<int>(left))});
    return facts;
}

QList<Fact> DetailTabs::advanced(const domain::Channel &channel)
{
    QList<Fact> facts;
    for (auto it = channel.modelMapping.cbegin(); it != channel.modelMapping.cend(); ++it)
        facts.append({.label = it.key(), .text = tr("is sent as %1").arg(it.value())});
    for (auto it = channel.headerOverrides.cbegin(); it != channel.headerOverrides.cend(); ++it) {
        const bool secret = admin::isSecretHeader(it.key());
        facts.append({.label = it.key(), .text = secret ? tr("hidden") : it.value()});
    }
    if (!channel.bodyOverrides.isEmpty()) {
        const QJsonDocument body(domain::maskedBody(channel.bodyOverrides));
        addText(facts, tr("Body"), QString::fromUtf8(body.toJson()).trimmed());
    }
    addText(facts, tr("System prompt"), channel.systemPrompt);
    addText(facts,
            tr("Proxy"),
            channel.proxy == domain::noProxy ? tr("None")
                                             : QUrl(channel.proxy).toString(QUrl::RemoveUserInfo));
    addTime(facts, tr("Connect within"), channel.timeouts.connect);
    addTime(facts, tr("First byte within"), channel.timeouts.firstByte);
    addTime(facts, tr("Longest silence"), channel.timeouts.idle);
    addTime(facts, tr("Whole answer within"), channel.timeouts.total);
    addCount(facts, tr("At the same time"), channel.limits.concurrentRequests);
    addCount(facts, tr("Requests a minute"), channel.limits.requestsPerMinute);
    addCount(facts, tr("Tokens a minute"), channel.limits.tokensPerMinute);
    constexpr qint64 million = 1'000'000;
    if (channel.priceRatioMillionths != million) {
        facts.append({.label = tr("Price multiplier"),
                      .text = QLocale().toString(
                          static_cast<double>(channel.priceRatioMillionths) / million, 'g', 10)});
    }
    if (!channel.verifyCertificate)
        facts.append(unverifiedFact());
    addText(facts, tr("Organization"), channel.organization);
    addText(facts, tr("API version"), channel.apiVersion);
    addText(facts, tr("Test model"), channel.testModel);
    if (!channel.certificateAuthority.isEmpty())
        facts.append({.label = tr("Authority"), .text = tr("one of its own is trusted")});
    if (!channel.allowPrivateAddress)
        facts.append({.label = tr("Addresses"), .text = tr("public ones alone")});
    if (facts.isEmpty())
        facts.append({.text = tr("Everything is as usual.")});
    return facts;
}

QList<Fact> DetailTabs::history(const ChannelRow &row)
{
    const domain::Channel &channel = row.channel;
    QList<Fact> facts;
    if (channel.createdAt > 0)
        facts.append({.label = tr("Created"), .text = moment(channel.createdAt)});
    const qint64 since = row.overview.since;
    facts.append(
        {.label = row.testing ? Cell::health(row.overview.health, {}).text
                              : ChannelColumns::healthCell(row).text,
         .text = since > 0 ? tr("since %1").arg(Format::full(QDateTime::fromMSecsSinceEpoch(since)))
                           : tr("since before the program was started")});
    facts.append({.label = tr("Last test"), .text = testText(channel)});
    if (channel.balanceAt > 0) {
        facts.append(
            {.label = tr("Balance"),
             .text = tr("%1 on %2", "an amount and a moment")
                         .arg(Format::balance(channel.balance), moment(channel.balanceAt))});
    }
    addText(facts, tr("Switched off"), admin::shownReason(channel.statusReason).translated());
    facts.append(
        {.label = tr("Used so far"),
         .door = Format::money(channel.used),
         .filter = numberTerm(u"channel"_s, channel.id),
         .doorMeaning = tr("Used so far: %1. Show the requests").arg(Format::money(channel.used))});
    const QString attempts = Format::count(row.overview.attempts());
    facts.append({.label = tr("Attempts in 24 h"),
                  .text = tr("%n failed", nullptr, static_cast<int>(row.overview.day.faults())),
                  .door = attempts,
                  .filter = QString(numberTerm(u"tried"_s, channel.id) % u" since:24h"_s),
                  .doorMeaning = tr("Attempts in 24 h: %1. Show their requests").arg(attempts)});
    return facts;
}

QList<Fact> DetailTabs::changes(const admin::HistoryPage &page)
{
    const QDateTime now = QDateTime::currentDateTime();
    QList<Fact> facts;
    for (const domain::HistoryEntry &entry : page.entries) {
        QStringList lines{tr("%1, by %2", "what was done, who did it")
                              .arg(admin::historyActionText(entry).translated(),
                                   admin::historyAuthorText(entry.author).translated())};
        for (const base::Message &text : admin::historyFieldTexts(entry))
            lines.append(text.translated());
        facts.append({.label = Format::moment(QDateTime::fromMSecsSinceEpoch(entry.at), now),
                      .text = lines.join(u'\n')});
    }
    if (page.next)
        facts.append({.text = tr("Older changes are in Tools, History of changes.")});
    if (facts.isEmpty())
        facts.append({.text = tr("Nothing was changed as far as the history goes back.")});
    return facts;
}

} // namespace gatehouse::ui
