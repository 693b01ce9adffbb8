#include "admin/applicationlink.h"

#include "admin/channels/channeladdress.h"
#include "domain/providertype.h"
#include "http/percent.h"

#include <QMap>
#include <QSet>
#include <QStringDecoder>
#include <QUrl>

#include <algorithm>
#include <optional>

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

using base::ErrorCode;
using base::Message;
using base::Result;

namespace {

constexpr QLatin1StringView scheme("gatehouse:");
constexpr qsizetype longestLinkedName = 100;
constexpr qsizetype longestAddress = 2'000;
constexpr qsizetype longestKey = 512;
constexpr qsizetype longestModel = 200;
constexpr qsizetype mostLinkedModels = 200;
constexpr qsizetype longestFilter = 1'000;

using Parts = QMap<QString, QString>;

tl::unexpected<base::Error> refusal(Message message)
{
    return base::fail(ErrorCode::InvalidInput, std::move(message));
}

// What would be seen otherwise than it is, or not at all.
bool deceives(const QString &text)
{
    const QList<uint> characters = text.toUcs4();
    return std::any_of(characters.cbegin(), characters.cend(), [](uint c) {
        switch (QChar::category(c)) {
        case QChar::Other_Control:
        case QChar::Other_Format: // zero-width and bidirectional characters among them
        case QChar::Other_Surrogate:
        case QChar::Separator_Line:
        case QChar::Separator_Paragraph:
            return true;
        default:
            return false;
        }
    });
}

// Absent: an escape is broken, or what comes out is no UTF-8.
std::optional<QString> decoded(const QString &text)
{
    const Result<QByteArray> bytes = http::decodeForm(text.toUtf8());
    if (!bytes)
        return {};
    QStringDecoder decoder(QStringDecoder::Utf8, QStringDecoder::Flag::Stateless);
    QString result = decoder(*bytes);
    if (decoder.hasError())
        return {};
    return result;
}

Result<Parts> partsOf(const QString &query)
{
    Parts parts;
    for (const QString &item : query.split(u'&', Qt::SkipEmptyParts)) {
        const qsizetype mark = item.indexOf(u'=');
        const auto name = decoded(item.left(mark < 0 ? item.size() : mark));
        const auto value = mark < 0 ? QString() : decoded(item.mid(mark + 1));
        if (!name || !value)
            return refusal(Message::tr("The link is damaged: its encoding is broken."));
        if (deceives(*name) || deceives(*value)) {
            return refusal(
                Message::tr("The link holds invisible characters that could make it look like "
                            "something else."));
        }
        if (parts.contains(*name))
            return refusal(Message::tr("The link says something twice."));
        parts.insert(*name, value->trimmed());
    }
    return parts;
}

// The parts that are none of `known`: what is not shown to the person must not be in a link.
Result<> refuseOthers(const Parts &parts, const QSet<QString> &known)
{
    for (auto it = parts.keyBegin(); it != parts.keyEnd(); ++it) {
        if (!known.contains(*it))
            return refusal(Message::tr("The link has a part that this version does not know."));
    }
    return {};
}

// Letters and digits alone, in lower case.
QString slug(const QString &text)
{
    QString result;
    for (const QChar c : text) {
        if (c.isLetterOrNumber())
            result += c.toLower();
    }
    return result;
}

// By the name of a type, or by what people call it.
const domain::ProviderType *typeNamed(const QString &name)
{
    static const QMap<QString, int> usual{{u"gemini"_s, domain::provider::gemini},
                                          {u"google"_s, domain::provider::gemini},
                                          {u"azure"_s, domain::provider::azure},
                                          {u"mistral"_s, 28},
                                          {u"moonshot"_s, 25},
                                          {u"kimi"_s, 25},
                                          {u"zhipu"_s, 16},
                                          {u"glm"_s, 16},
                                          {u"dashscope"_s, 17},
                                          {u"qwen"_s, 17},
                                          {u"volcengine"_s, 40},
                                          {u"together"_s, 39}};
    const QString wanted = slug(name);
    for (const domain::ProviderType &type : domain::providerTypes()) {
        if (slug(QString::fromLatin1(type.name)) == wanted)
            return &type;
    }
    return domain::providerType(usual.value(wanted));
}

// Letters of more than one script within one part of the name. Latin beside the scripts of East Asia is
// usual there.
bool mixesScripts(const QString &host)
{
    static const QSet<QChar::Script> eastern{QChar::Script_Han,
                                             QChar::Script_Hiragana,
                                             QChar::Script_Katakana,
                                             QChar::Script_Hangul,
                                             QChar::Script_Bopomofo};
    for (const QString &label : host.split(u'.')) {
        QSet<QChar::Script> scripts;
        for (const uint c : label.toUcs4()) {
            const QChar::Script script = QChar::script(c);
            if (script != QChar::Script_Common && script != QChar::Script_Inherited)
                scripts.insert(eastern.contains(script) ? QChar::Script_Han : script);
        }
        if (scripts.contains(QChar::Script_Han))
            scripts.remove(QChar::Script_Latin);
        if (scripts.size() > 1)
            return true;
    }
    return false;
}

Result<> readAddress(LinkedChannel &channel, const QString &text)
{
    const auto problem = [] {
        return refusal(Message::tr("The address in the link is no address of a provider. It must "
                                   "begin with http:// or https://."));
    };
    const QUrl url(text, QUrl::StrictMode);
    const bool isWeb = url.scheme() == "http"_L1 || url.scheme() == "https"_L1;
    if (text.size() > longestAddress || !url.isValid() || !isWeb || url.host().isEmpty())
        return problem();
    const qsizetype begin = text.indexOf("://"_L1) + 3;
    const auto ends = [](QChar c) { return c == u'/' || c == u'?' || c == u'#'; };
    const auto end = std::find_if(text.cbegin() + begin, text.cend(), ends);
    const QStringView authority(text.cbegin() + begin, end);
    // A backslash is a slash to some who read addresses, and not to others.
    if (authority.contains(u'@') || text.contains(u'\\'))
        return refusal(Message::tr("The address in the link holds a user name, which can make it "
                                   "look like another one."));
    if (url.hasQuery() || url.hasFragment())
        return problem();
    const QString ascii = url.host(QUrl::FullyEncoded);
    const QString unicode = QUrl::fromAce(ascii.toLatin1(), QUrl::IgnoreIDNWhitelist);
    channel.baseUrl = url.toString(QUrl::FullyEncoded | QUrl::StripTrailingSlash);
    channel.mixesScripts = mixesScripts(unicode);
    if (unicode != ascii && !channel.mixesScripts)
        channel.unicodeHost = unicode;
    channel.leadsInside = staysLocal(ascii);
    return {};
}

Result<> readKey(LinkedChannel &channel, const QString &text)
{
    const bool isPrintable = std::all_of(text.cbegin(), text.cend(), [](QChar c) {
        return c.unicode() > 0x20 && c.unicode() < 0x7f;
    });
    if (!isPrintable || text.size() > longestKey)
        return refusal(Message::tr("The key in the link is no key."));
    channel.key = base::Secret(text);
    return {};
}

Result<> readModels(LinkedChannel &channel, const QString &text)
{
    for (const QString &part : text.split(u',', Qt::SkipEmptyParts)) {
        const QString model = part.trimmed();
        const bool hasBlank =
            std::any_of(model.cbegin(), model.cend(), [](QChar c) { return c.isSpace(); });
        if (hasBlank || model.size() > longestModel || channel.models.size() >= mostLinkedModels)
            return refusal(Message::tr("The models in the link are too many, or no names."));
        if (!model.isEmpty() && !channel.models.contains(model))
            channel.models.append(model);
    }
    return {};
}

Result<ApplicationLink> channelFrom(const Parts &parts)
{
    static const QSet<QString> known{
        u"resource"_s, u"type"_s, u"name"_s, u"base_url"_s, u"key"_s, u"models"_s};
    if (parts.value(u"resource"_s) != "channel"_L1)
        return refusal(Message::tr("The link brings something that this version cannot import."));
    if (const Result<> sound = refuseOthers(parts, known); !sound)
        return base::fail(sound.error());
    LinkedChannel channel{.name = parts.value(u"name"_s)};
    if (channel.name.size() > longestLinkedName)
        return refusal(Message::tr("The name in the link is too long."));
    if (const QString type = parts.value(u"type"_s); !type.isEmpty()) {
        const domain::ProviderType *found = typeNamed(type);
        if (!found || !found->relayable)
            return refusal(Message::tr("The link names a provider that this version does not "
                                       "serve."));
        channel.type = found->number;
    }
    if (const QString url = parts.value(u"base_url"_s); !url.isEmpty()) {
        if (const Result<> sound = readAddress(channel, url); !sound)
            return base::fail(sound.error());
    }
    Result<> sound = readKey(channel, parts.value(u"key"_s)).and_then([&] {
        return readModels(channel, parts.value(u"models"_s));
    });
    if (!sound)
        return base::fail(sound.error());
    if (channel.type == 0 && channel.baseUrl.isEmpty() && channel.key.isEmpty())
        return refusal(Message::tr("The link says nothing of a channel."));
    return channel;
}

Result<ApplicationLink> pageFrom(const Parts &parts)
{
    using Page = ProposedPage::Page;
    static const QMap<QString, Page> pages{{u"dashboard"_s, Page::Dashboard},
                                           {u"traffic"_s, Page::Traffic},
                                           {u"channels"_s, Page::Channels},
                                           {u"models"_s, Page::Models},
                                           {u"tokens"_s, Page::Tokens},
                                           {u"users"_s, Page::Users},
                                           {u"settings"_s, Page::Settings}};
    if (const Result<> sound = refuseOthers(parts, {u"page"_s, u"filter"_s}); !sound)
        return base::fail(sound.error());
    const auto page = pages.constFind(parts.value(u"page"_s));
    if (page == pages.constEnd())
        return refusal(Message::tr("The link names a page that this version does not have."));
    const QString filter = parts.value(u"filter"_s);
    if (filter.size() > longestFilter)
        return refusal(Message::tr("The filter in the link is too long."));
    return ProposedPage{.page = *page, .filter = filter};
}

} // namespace

bool isApplicationLink(QStringView text)
{
    return text.startsWith(scheme, Qt::CaseInsensitive);
}

Result<ApplicationLink> parseApplicationLink(const QString &text)
{
    if (!isApplicationLink(text))
        return refusal(Message::tr("This is no link of Gatehouse."));
    // Of as many characters there are at least as many bytes.
    if (text.size() > longestApplicationLink || text.toUtf8().size() > longestApplicationLink)
        return refusal(Message::tr("The link is too long."));
    if (deceives(text))
        return refusal(Message::tr("The link holds invisible characters that could make it look "
                                   "like something else."));
    const qsizetype mark = text.indexOf(u'?');
    const qsizetype end = mark < 0 ? text.size() : mark;
    QString place = text.mid(scheme.size(), end - scheme.size()).toLower();
    while (place.endsWith(u'/'))
        place.chop(1); // as browsers put one behind a host
    const QString query = mark < 0 ? QString() : text.mid(mark + 1);
    if (text.contains(u'#') || place.contains(u'@'))
        return refusal(Message::tr("The link has a part that this version does not know."));
    if (!place.startsWith("//v1/"_L1))
        return refusal(Message::tr("The link is of another version of Gatehouse."));
    const Result<Parts> parts = partsOf(query);
    if (!parts)
        return base::fail(parts.error());
    if (place == "//v1/import"_L1)
        return channelFrom(*parts);
    if (place == "//v1/open"_L1)
        return pageFrom(*parts);
    return refusal(Message::tr("The link asks for something that this version does not know."));
}

} // namespace gatehouse::admin
