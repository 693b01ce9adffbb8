// The channels of another gateway in the form of this one.
#include "admin/channels/cloudaccount.h"
#include "admin/import/fingerprints.h"
#include "admin/import/importedsettings.h"
#include "admin/import/importplan.h"
#include "admin/import/importtexts.h"
#include "base/json.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QUrl>

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

using base::Message;
using domain::Channel;
using domain::ChannelId;
using domain::ChannelKey;
using domain::ChannelStatus;
using storage::ForeignChannel;
using storage::ForeignGateway;
using storage::ForeignKind;
using storage::ImportedKind;
using Cause = ImportNote::Cause;

namespace {

constexpr qsizetype longestName = 200;
constexpr qsizetype longestText = 64 * 1024;
constexpr qsizetype mostKeys = 1'000;
constexpr qsizetype mostModels = 2'000;
constexpr qsizetype mostGroups = 100;
constexpr qsizetype longestGroup = 64;
constexpr qint64 largestWeight = 1'000'000;
constexpr qint64 largestPriority = 1'000'000'000'000;
constexpr qint64 largestId = 1'000'000'000'000;

// What the balance of such a channel is counted in there, which is stored without: dollars, yuan or,
// empty, points. Nothing: they keep none, or none that says how much it is.
std::optional<QByteArray> balanceCurrency(int type)
{
    switch (type) {
    case 1:  // OpenAI
    case 8:  // custom
    case 20: // OpenRouter
        return "USD"_ba;
    case 4:  // CloseAI
    case 12: // API2GPT
    case 36: // DeepSeek
    case 44: // SiliconFlow
        return "CNY"_ba;
    case 13: // AIGC2D
        return QByteArray();
    default:
        return std::nullopt;
    }
}

// One a line; the account of a cloud is a JSON document that may have several lines, and several of them
// are an array.
QList<QByteArray> keysIn(const QByteArray &text, int type)
{
    const QJsonDocument document =
        hasCloudAccount(type) ? QJsonDocument::fromJson(text) : QJsonDocument();
    if (document.isObject())
        return {keyOfCloudAccount(text).reveal()};
    if (!document.isArray())
        return text.split('\n');
    QList<QByteArray> keys;
    for (const QJsonValue &account : document.array())
        keys.append(keyOfCloudAccount(base::compactJson(account.toObject())).reveal());
    return keys;
}

// New API's custom type has the whole address of the operation.
QString withoutOperation(QString url, int &type)
{
    static const QString operation = u"/chat/completions"_s;
    url = url.trimmed();
    if (!url.endsWith(operation))
        return url;
    url.chop(operation.size());
    if (!url.endsWith(u"/v1"_s))
        type = domain::provider::openAiCompatible;
    return url;
}

class ChannelPlanner
{
public:
    ChannelPlanner(const ForeignGateway &source, const ImportGround &ground, ImportPlan &plan)
        : m_source(source)
        , m_ground(ground)
        , m_plan(plan)
    {
        for (const ForeignChannel &channel : source.channels)
            ++m_numbers[channel.id];
        for (const Channel &channel : ground.channels) {
            for (const QByteArray &sign : signsOf(channel))
                m_present.insert(sign);
        }
    }

    void run()
    {
        for (const ForeignChannel &channel : m_source.channels) {
            ++m_plan.report.count(ImportKind::Channel).found;
            take(channel);
        }
    }

private:
    void take(const ForeignChannel &source)
    {
        m_notes.clear();
        const Fingerprints prints = fingerprintsOf(source);
        if (const auto known = recognised(prints, m_ground.entries.importedChannels, false))
            return takeKnown(source, prints, *known);
        const std::optional<ImportedType> type = importedType(m_source.kind, source.type);
        if (!type) {
            return skip(source,
                        Cause::Unusable,
                        Message::tr("Its type %1 is not known here. Make it anew with a type that "
                                    "fits.")
                            .arg(source.type));
        }
        Channel channel;
        channel.type = type->number;
        if (isFreeId(source.id))
            channel.id = {source.id};
        if (!setAddress(source, *type, channel))
            return;
        setTexts(source, channel);
        setKeys(source, channel);
        setLists(source, channel);
        setStatus(source, channel);
        setFigures(source, channel);
        for (const Message &note : applySettings(source, m_source.kind, channel))
            alter(note);
        takeKeysFromConfig(channel);
        requireKey(channel);
        const QList<QByteArray> signs = signsOf(channel);
        const auto present =
            std::count_if(signs.begin(), signs.end(), [this](const QByteArray &sign) {
                return m_present.contains(sign);
            });
        // It was not imported, and is to be so once what has its keys is gone.
        if (present == signs.size())
            return skip(source, Cause::Present, Message::tr("It is here already."));
        if (present > 0)
            alter(
                Message::tr("Some of its keys are those of channels that were here before, too."));
        if (!checkAsWhole(source, channel))
            return;
        m_plan.channels.push_back({.channel = std::move(channel), .fingerprints = prints.all()});
        ++m_plan.report.count(ImportKind::Channel).imported;
        for (const Message &note : m_notes)
            m_plan.report.alter(ImportKind::Channel, shown(source), note);
    }

    void takeKnown(const ForeignChannel &source, const Fingerprints &prints, ChannelId present)
    {
        for (const QByteArray &print : prints.all()) {
            if (!m_ground.entries.importedChannels.contains(print))
                m_plan.fingerprints.push_back(
                    {.kind = ImportedKind::Channel, .fingerprint = print, .id = present.value});
        }
        const bool isHere =
            std::any_of(m_ground.channels.cbegin(),
                        m_ground.channels.cend(),
                        [present](const Channel &channel) { return channel.id == present; });
        if (isHere)
            skip(source, Cause::Present, Message::tr("It is here already."));
        else
            skip(source, Cause::Deleted, Message::tr("It was deleted here."));
    }

    bool isFreeId(qint64 id) const
    {
        return id > m_ground.entries.lastChannelId && id <= largestId && m_numbers.value(id) == 1;
    }

    // False: it was skipped. Another address than the one there would get the keys.
    bool setAddress(const ForeignChannel &source, const ImportedType &type, Channel &channel)
    {
        QString typed = source.baseUrl.trimmed();
        if (m_source.kind == ForeignKind::NewApi && channel.type == domain::provider::custom)
            typed = withoutOperation(typed, channel.type);
        if (typed.isEmpty())
            typed = type.baseUrl;
        const auto url = domain::normalizedBaseUrl(typed, channel.type);
        if (!url || url->contains(u"{model}"_s) || url->contains(u"%7Bmodel%7D"_s)) {
            skip(source,
                 Cause::Unusable,
                 Message::tr("Its base URL cannot be used here. Make it anew with another one."));
            return false;
        }
        channel.baseUrl = *url;
        const QUrl target(channel.effectiveBaseUrl());
        const int port = target.port(target.scheme() == u"https"_s ? 443 : 80);
        if (m_ground.isOwnAddress
            && m_ground.isOwnAddress(target.host(), static_cast<quint16>(port))) {
            skip(source,
                 Cause::Unusable,
                 Message::tr("Its base URL is an address of this gateway itself."));
            return false;
        }
        return true;
    }

    void setTexts(const ForeignChannel &source, Channel &channel)
    {
        channel.name = cleanText(source.name, longestName);
        if (channel.name.isEmpty())
            channel.name = u"channel-%1"_s.arg(source.id);
        if (channel.name != source.name.trimmed())
            alter(Message::tr("It is named %1 here.").arg(shownName(channel.name)));
        channel.systemPrompt = source.systemPrompt;
        channel.note = source.remark;
        if (channel.systemPrompt.size() > longestText || channel.note.size() > longestText) {
            channel.systemPrompt.truncate(longestText);
            channel.note.truncate(longestText);
            alter(Message::tr("A text of it was shortened."));
        }
        channel.organization = cleanText(source.organization, longestName);
        channel.testModel = cleanText(source.testModel, longestName);
        channel.tags = listFrom(cleanText(source.tag, longestName));
    }

    void setKeys(const ForeignChannel &source, Channel &channel)
    {
        const QHash<int, KeyState> states = keyStates(source.keyStates);
        const QList<QByteArray> lines = keysIn(source.key.reveal().trimmed(), channel.type);
        QSet<QByteArray> known;
        bool hasUnusable = false;
        bool hasMore = false;
        for (qsizetype i = 0; i < lines.size(); ++i) {
            const QByteArray line = lines[i].trimmed();
            if (line.isEmpty() || known.contains(line))
                continue;
            hasUnusable = hasUnusable || !isUsableKey(line);
            hasMore = hasMore || channel.keys.size() >= mostKeys;
            if (!isUsableKey(line) || channel.keys.size() >= mostKeys)
                continue;
            known.insert(line);
            ChannelKey key{.secret = base::Secret(line)};
            if (const auto state = states.constFind(static_cast<int>(i)); state != states.cend()) {
                key.enabled = state->enabled;
                key.disabledReason = state->byMachine ? disabledBefore() : QString();
            }
            channel.keys.append(key);
        }
        if (hasUnusable)
            alter(Message::tr("A key that has a blank or is too long was left out."));
        if (hasMore)
            alter(Message::tr("Of its keys, the first %1 were taken over.").arg(mostKeys));
    }

    // Each of its requests would be refused by the provider.
    void requireKey(Channel &channel)
    {
        const domain::ProviderType *type = domain::providerType(channel.type);
        const bool needsKey = type->relayable && !type->local;
        if (!needsKey || !channel.keys.isEmpty() || channel.status == ChannelStatus::DisabledByHand)
            return;
        channel.status = ChannelStatus::DisabledByHand;
        alter(Message::tr("It has no key that can be used; it is disabled. Give it one before you "
                          "enable it."));
    }

    void setLists(const ForeignChannel &source, Channel &channel)
    {
        const QStringList models = listFrom(source.models);
        for (const QString &model : models) {
            if (cleanText(model, longestName) == model && channel.models.size() < mostModels)
                channel.models.append(model);
        }
        if (channel.models.size() != models.size())
            alter(Message::tr("Models with unusable names were taken out of its list."));
        const QStringList groups = listFrom(source.groups);
        channel.groups.clear();
        for (const QString &group : groups) {
            if (cleanText(group, longestGroup) == group && channel.groups.size() < mostGroups)
                channel.groups.append(group);
        }
        if (channel.groups.size() != groups.size())
            alter(Message::tr("Groups with unusable names were taken out of its list."));
        if (channel.groups.isEmpty())
            channel.groups = {u"default"_s};
        const auto mapping = objectFrom(source.modelMapping.toUtf8());
        bool isWhole = mapping.has_value();
        const QJsonObject pairs = mapping.value_or(QJsonObject());
        for (auto it = pairs.constBegin(); it != pairs.constEnd(); ++it) {
            if (it->isString())
                channel.modelMapping.insert(it.key(), it->toString());
            else
                isWhole = false;
        }
        if (!isWhole) {
            alter(Message::tr("Its model mapping cannot be read as a whole. Look at it before the "
                              "channel is used."));
        }
    }

    void setStatus(const ForeignChannel &source, Channel &channel)
    {
        switch (source.status) {
        case static_cast<qint64>(ChannelStatus::Enabled):
            channel.status = ChannelStatus::Enabled;
            break;
        case static_cast<qint64>(ChannelStatus::DisabledAutomatically):
            channel.status = ChannelStatus::DisabledAutomatically;
            channel.statusReason = disabledBefore();
            break;
        default:
            alter(Message::tr("Its state is not known here; it is disabled."));
            [[fallthrough]];
        case static_cast<qint64>(ChannelStatus::DisabledByHand):
            channel.status = ChannelStatus::DisabledByHand;
            break;
        }
        const domain::ProviderType *type = domain::providerType(channel.type);
        if (type && !type->relayable) {
            alter(Message::tr("Providers of the type \"%1\" are not served by this gateway; it is "
                              "kept, but gets no requests.")
                      .arg(QString::fromLatin1(type->name)));
        }
    }

    // A provider's words may hold what is nobody's business.
    static QString disabledBefore()
    {
        return u"It was disabled automatically before the import."_s;
    }

    void setFigures(const ForeignChannel &source, Channel &channel) const
    {
        channel.priority = std::clamp(source.priority, -largestPriority, largestPriority);
        // One API keeps weights, but all have the same share there; in New API, those without one, too.
        const qint64 weight = m_source.kind == ForeignKind::NewApi ? source.weight : 1;
        channel.weight = static_cast<int>(std::clamp<qint64>(weight, 1, largestWeight));
        channel.createdAt = timeFrom(source.createdAt);
        channel.used = {amountFrom(source.used)};
        channel.testedAt = timeFrom(source.testedAt);
        channel.responseMilliseconds =
            static_cast<int>(std::clamp<qint64>(source.responseMilliseconds, 0, 86'400'000));
        const std::optional<QByteArray> currency = balanceCurrency(channel.type);
        if (!currency || source.balanceAt <= 0)
            return;
        channel.balance = {source.balance, *currency};
        channel.balanceAt = timeFrom(source.balanceAt);
    }

    // A channel is here already if all of these are: type and address with each key, or with the name if
    // there is no key.
    static QList<QByteArray> signsOf(const Channel &channel)
    {
        const QByteArray place =
            QByteArray::number(channel.type) + '\n' + channel.effectiveBaseUrl().toUtf8() + '\n';
        if (channel.keys.isEmpty())
            return {QByteArray(place + '\n' + channel.name.toUtf8())};
        QList<QByteArray> signs;
        for (const ChannelKey &key : channel.keys)
            signs.append(place + key.secret.reveal());
        return signs;
    }

    // What nobody could save in the window. A type that is not served has no address of its own.
    bool checkAsWhole(const ForeignChannel &source, const Channel &channel)
    {
        const domain::ProviderType *type = domain::providerType(channel.type);
        if (!type->relayable && channel.effectiveBaseUrl().isEmpty())
            return true;
        const auto sound = domain::validate(channel);
        if (!sound)
            skip(source, Cause::Unusable, sound.error().message);
        return sound.has_value();
    }

    void skip(const ForeignChannel &channel, Cause cause, Message text)
    {
        m_plan.report.skip(ImportKind::Channel, shown(channel), cause, std::move(text));
    }
    // Told if the channel is imported.
    void alter(Message text) { m_notes.push_back(std::move(text)); }
    static QString shown(const ForeignChannel &channel)
    {
        return channel.name.trimmed().isEmpty() ? u"#%1"_s.arg(channel.id) : channel.name;
    }

    const ForeignGateway &m_source;
    const ImportGround &m_ground;
    ImportPlan &m_plan;
    QHash<qint64, int> m_numbers{}; // how often an id stands there
    QSet<QByteArray> m_present{};   // the signs of the channels here
    std::vector<Message> m_notes{}; // of what is altered in the channel at hand
};

} // namespace

void planChannels(const ForeignGateway &source, const ImportGround &ground, ImportPlan &plan)
{
    ChannelPlanner(source, ground, plan).run();
}

} // namespace gatehouse::admin
