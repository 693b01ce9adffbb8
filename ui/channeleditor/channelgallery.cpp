#include "channeleditor/channelgallery.h"

#include "domain/providertype.h"
#include "theme/lettertile.h"

#include <QCoreApplication>
#include <QUrl>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace provider = domain::provider;

namespace {

class Texts
{
    Q_DECLARE_TR_FUNCTIONS(gatehouse::ui::ChannelDialog)
};

QString nameOf(int type)
{
    const domain::ProviderType *known = domain::providerType(type);
    return known ? QString::fromLatin1(known->name) : QString();
}

ListEntry entryOf(const ProviderChoice &choice, const QString &group)
{
    const QString name = choiceName(choice);
    QStringList keywords;
    if (const domain::ProviderType *type = domain::providerType(choice.type))
        keywords.append(QUrl(QString::fromLatin1(type->defaultBaseUrl)).host());
    return {.id = choiceId(choice),
            .text = name,
            .group = group,
            .tile = providerTile(choice.type),
            .keywords = keywords};
}

// Those that most people come with; in the order of their names, as the rest is.
bool isCommon(int type)
{
    constexpr std::array common{provider::openAi,
                                provider::azure,
                                provider::anthropic,
                                provider::openRouter,
                                provider::gemini,
                                29,  // Groq
                                36,  // DeepSeek
                                17}; // Alibaba DashScope
    return std::find(common.begin(), common.end(), type) != common.end();
}

bool isOther(int type)
{
    return type == provider::openAiCompatible || type == provider::custom;
}

// Whether such a server was found.
bool runs(const std::vector<admin::FoundProvider> &found, int type)
{
    return std::any_of(
        found.begin(), found.end(), [type](const auto &each) { return each.channel.type == type; });
}

QList<ListEntry> localEntries(const std::vector<admin::FoundProvider> &found)
{
    const QString group = Texts::tr("On this computer");
    QList<ListEntry> entries;
    for (size_t i = 0; i < found.size(); ++i) {
        const domain::Channel &channel = found[i].channel;
        ListEntry entry = entryOf({.type = channel.type, .found = static_cast<int>(i)}, group);
        entry.text = channel.name.isEmpty() ? entry.text : channel.name;
        entry.badge = Texts::tr("running");
        entry.badgeTone = Tone::Good;
        entries.append(entry);
    }
    for (const domain::ProviderType &type : domain::providerTypes()) {
        if (type.local && !runs(found, type.number))
            entries.append(entryOf({.type = type.number}, group));
    }
    return entries;
}

} // namespace

QList<ListEntry> providerEntries(const std::vector<admin::FoundProvider> &found, int always)
{
    QList<ListEntry> common;
    QList<ListEntry> more;
    for (const domain::ProviderType &type : domain::providerTypes()) {
        if (type.local || isOther(type.number) || (!type.relayable && type.number != always))
            continue;
        if (isCommon(type.number))
            common.append(entryOf({.type = type.number}, Texts::tr("Common")));
        else
            more.append(entryOf({.type = type.number}, Texts::tr("More")));
    }
    const auto byName = [](const ListEntry &left, const ListEntry &right) {
        return left.text.compare(right.text, Qt::CaseInsensitive) < 0;
    };
    std::sort(common.begin(), common.end(), byName);
    std::sort(more.begin(), more.end(), byName);
    const QString other = Texts::tr("Any other");
    QList<ListEntry> entries = localEntries(found) + common;
    entries.append(entryOf({.type = provider::custom}, other));
    entries.append(entryOf({.type = provider::openAiCompatible}, other));
    entries.append(entryOf({.type = provider::anthropic, .isCompatible = true}, other));
    return entries + more;
}

QString choiceId(const ProviderChoice &choice)
{
    if (choice.found >= 0)
        return u"found %1"_s.arg(choice.found);
    return choice.isCompatible ? u"compatible %1"_s.arg(choice.type)
                               : u"type %1"_s.arg(choice.type);
}

ProviderChoice choiceFrom(const QString &id)
{
    const int number = id.section(u' ', 1).toInt();
    if (id.startsWith("found "_L1))
        return {.found = number};
    return {.type = number, .isCompatible = id.startsWith("compatible "_L1)};
}

QString choiceName(const ProviderChoice &choice)
{
    if (choice.type == provider::custom)
        return Texts::tr("OpenAI-compatible");
    if (choice.type == provider::openAiCompatible)
        return Texts::tr("OpenAI-compatible, own path");
    if (choice.isCompatible)
        return Texts::tr("%1-compatible").arg(nameOf(choice.type));
    return nameOf(choice.type);
}

} // namespace gatehouse::ui
