#include "admin/configs/proposedchannels.h"

#include "admin/import/importtexts.h"
#include "secrets/tokenkey.h"

#include <QUrl>

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

using base::Message;
using domain::Channel;
using domain::ChannelKey;
using domain::ChannelStatus;
using Cause = ImportNote::Cause;

namespace {

constexpr qsizetype longestProposedName = 200;
constexpr size_t mostChannels = 1'000;
constexpr qsizetype mostEntries = 20'000;
constexpr qsizetype mostModelsOfAll = 100'000;

bool isModelName(const QString &name)
{
    return !name.isEmpty() && name.size() <= longestProposedName
           && std::none_of(name.cbegin(), name.cend(), [](QChar c) {
                  return c.isSpace() || c.category() == QChar::Other_Control || c == u'*'
                         || c == u',';
              });
}

// Without a key each request would be refused, but by servers of one's own.
bool needsKey(const Channel &channel)
{
    const domain::ProviderType *type = domain::providerType(channel.type);
    return type && !type->local
           && (channel.baseUrl.isEmpty() || type->dialect != domain::Dialect::OpenAi
               || type->pathRule == domain::PathRule::Azure);
}

QString usualName(const Channel &channel)
{
    const domain::ProviderType *type = domain::providerType(channel.type);
    const QString host = QUrl(channel.baseUrl).host();
    return host.isEmpty() || (type && type->local) ? QString::fromLatin1(type ? type->name : "")
                                                   : host;
}

// What a person finds it by in the file.
QString shownFor(const ProviderEntry &entry)
{
    if (!entry.name.isEmpty())
        return entry.name;
    return entry.models.isEmpty() ? entry.origin : entry.models.front().name;
}

void setKey(const ProviderEntry &entry, ProposedChannel &proposed)
{
    if (isUsableKey(entry.key.reveal())) {
        proposed.channel.keys = {ChannelKey{.secret = entry.key}};
        proposed.maskedKey = secrets::maskedKey(entry.key);
        return;
    }
    if (!entry.key.isEmpty()) {
        proposed.notes.push_back(
            Message::tr("Its key has a blank or is too long; it is disabled. Give it another one "
                        "before you enable it."));
    } else if (!entry.missing.isEmpty()) {
        proposed.notes.push_back(
            Message::tr("The variable %1 with its key is not set here; it is disabled. Give it a "
                        "key before you enable it.")
                .arg(shownName(entry.missing)));
    } else if (needsKey(proposed.channel)) {
        proposed.notes.push_back(Message::tr(
            "It has no key that can be used; it is disabled. Give it one before you enable it."));
    } else {
        return;
    }
    proposed.channel.status = ChannelStatus::DisabledByHand;
}

// Whoever speaks that dialect there with that key is the same account.
QList<QByteArray> signsOf(const Channel &channel)
{
    const domain::ProviderType *type = domain::providerType(channel.type);
    QString address = channel.effectiveBaseUrl();
    if (address.endsWith("/v1"_L1))
        address.chop(3);
    const QByteArray place = QByteArray::number(type ? static_cast<int>(type->dialect) : -1) + '\n'
                             + address.toUtf8() + '\n';
    QList<QByteArray> signs;
    for (const ChannelKey &key : channel.keys)
        signs.append(place + key.secret.reveal());
    if (signs.isEmpty())
        signs.append(place);
    return signs;
}

} // namespace

bool ChannelMaker::hasRoom(const QString &list)
{
    if (m_entries >= mostEntries) {
        skip(list, Message::tr("Of its entries, the first %1 are read.").arg(mostEntries));
        return false;
    }
    if (m_models >= mostModelsOfAll) {
        skip(list,
             Message::tr("Of a file, the first %1 models are taken over.").arg(mostModelsOfAll));
        return false;
    }
    ++m_entries;
    return true;
}

void ChannelMaker::skip(const QString &name, Message why)
{
    if (m_content.skipped.size() < mostChannels) {
        m_content.skipped.push_back({.kind = ImportKind::Channel,
                                     .name = shownName(name),
                                     .cause = Cause::Unusable,
                                     .text = std::move(why)});
    }
}

void ChannelMaker::add(const ProviderEntry &entry)
{
    m_models += entry.models.size();
    const std::optional<ProviderPlace> place = placeOf(entry);
    const auto baseUrl = place ? domain::normalizedBaseUrl(place->baseUrl, place->type)
                               : base::Result<QString>(QString());
    if (!place || !baseUrl) {
        return skip(
            shownFor(entry),
            Message::tr("Its base URL cannot be used here. Make it anew with another one."));
    }
    ProposedChannel proposed{.origin = entry.origin, .notes = entry.notes};
    Channel &channel = proposed.channel;
    channel.type = place->type;
    channel.baseUrl = *baseUrl;
    channel.organization = cleanText(entry.organization, longestProposedName);
    channel.apiVersion = cleanText(entry.apiVersion, longestProposedName);
    channel.name = cleanText(entry.name, longestProposedName);
    if (channel.name.isEmpty())
        channel.name = usualName(channel);
    setKey(entry, proposed);
    if (const std::optional<size_t> same = wideEnough(entry, channel)) {
        ProposedChannel &before = m_content.channels[*same];
        addModels(entry, before, m_made[*same]);
        for (const Message &note : proposed.notes) {
            if (std::find(before.notes.begin(), before.notes.end(), note) == before.notes.end())
                before.notes.push_back(note);
        }
        return;
    }
    if (m_content.channels.size() >= mostChannels) {
        return skip(shownFor(entry),
                    Message::tr("Of a file, the first %1 channels are taken over.")
                        .arg(qint64(mostChannels)));
    }
    Made made{.missing = entry.missing};
    addModels(entry, proposed, made);
    channel.name = freeName(channel.name);
    if (const auto sound = domain::validate(channel); !sound)
        return skip(channel.name, sound.error().message);
    m_content.channels.push_back(std::move(proposed));
    m_made.push_back(std::move(made));
}

// The place of one of the same account that calls no other model by one of the entry's names.
std::optional<size_t> ChannelMaker::wideEnough(const ProviderEntry &entry,
                                               const Channel &channel) const
{
    for (size_t i = 0; i < m_content.channels.size(); ++i) {
        const Channel &one = m_content.channels[i].channel;
        const bool isSame = one.type == channel.type && one.baseUrl == channel.baseUrl
                            && one.keys == channel.keys && one.organization == channel.organization
                            && one.apiVersion == channel.apiVersion
                            && m_made[i].missing == entry.missing;
        const auto differs = [&models = m_made[i].models](const ProviderEntry::Model &model) {
            const auto known = models.constFind(model.name);
            return known != models.cend() && *known != model.provider;
        };
        if (isSame && std::none_of(entry.models.cbegin(), entry.models.cend(), differs))
            return i;
    }
    return std::nullopt;
}

// One of a name that is there already is left out.
void ChannelMaker::addModels(const ProviderEntry &entry, ProposedChannel &proposed, Made &made)
{
    Channel &channel = proposed.channel;
    for (const ProviderEntry::Model &model : entry.models) {
        if (!isModelName(model.name) || !isModelName(model.provider)
            || channel.models.size() >= mostModels || made.models.contains(model.name))
            continue;
        made.models.insert(model.name, model.provider);
        channel.models.append(model.name);
        if (model.provider != model.name)
            channel.modelMapping.insert(model.name, model.provider);
    }
}

QString ChannelMaker::freeName(const QString &wanted) const
{
    const auto isTaken = [this](const QString &name) {
        return std::any_of(
            m_content.channels.begin(),
            m_content.channels.end(),
            [&name](const ProposedChannel &one) { return one.channel.name == name; });
    };
    QString name = wanted;
    for (int number = 2; isTaken(name); ++number)
        name = wanted.left(longestProposedName - 10) + u' ' + QString::number(number);
    return name;
}

void compareWithPresent(ConfigContent &content,
                        const std::vector<Channel> &present,
                        const OwnAddress &isOwnAddress)
{
    QHash<QByteArray, QString> known;
    for (const Channel &channel : present) {
        for (const QByteArray &sign : signsOf(channel))
            known.insert(sign, channel.name);
    }
    std::vector<ProposedChannel> kept;
    for (ProposedChannel &one : content.channels) {
        const AddressReview review = reviewAddress(
            one.channel.baseUrl, one.channel.type, one.channel.apiVersion, isOwnAddress);
        if (review.isOwn || !review.problem.isEmpty()) {
            content.skipped.push_back(
                {.kind = ImportKind::Channel,
                 .name = shownName(one.channel.name),
                 .cause = Cause::Unusable,
                 .text = review.isOwn
                             ? Message::tr("Its base URL is an address of this gateway itself.")
                             : review.problem});
            continue;
        }
        if (review.isPlainPublic) {
            one.notes.push_back(Message::tr("Its address is not encrypted: keys and texts cross "
                                            "the internet for all to read."));
        }
        one.present = known.value(signsOf(one.channel).front());
        kept.push_back(std::move(one));
    }
    content.channels = std::move(kept);
}

} // namespace gatehouse::admin
