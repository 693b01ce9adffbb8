// Files of lines NAME=value, as many programs take their keys from.
#include "admin/channels/channelrecognition.h"
#include "admin/configs/configfile.h"
#include "admin/import/importtexts.h"

#include <QMap>
#include <QRegularExpression>
#include <QStringTokenizer>

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

using base::Message;

namespace {

constexpr int mostLines = 20'000;

// What belongs together has the same name but for its ending: OPENAI_API_KEY, OPENAI_BASE_URL.
QString stemOf(QString name)
{
    static const QRegularExpression ending(
        u"_?(API_KEYS?|AUTH_TOKEN|ACCESS_TOKEN|KEYS?|TOKEN|API_BASE(_URL)?|BASE_URL|ENDPOINT|"
        "(DEFAULT_)?MODEL)$"_s);
    return name.remove(ending);
}

// What was recognised has no version at its end, which channels of most types add by themselves.
QString
addressOf(const RecognizedChannel &found, const domain::ProviderType &type, const QString &written)
{
    if (found.baseUrl.isEmpty() || type.dialect != domain::Dialect::OpenAi)
        return found.baseUrl;
    return type.pathRule == domain::PathRule::AsGiven ? QString(found.baseUrl + u"/v1"_s) : written;
}

} // namespace

ConfigContent readEnvironment(const QString &text, const std::stop_token &stop)
{
    static const QRegularExpression line(
        u"^\\s*(?:export\\s+|set\\s+|\\$env:)?([A-Z][A-Z0-9_]{2,80})\\s*=\\s*(.*)$"_s);
    struct Group
    {
        QString key{};     // the name of the first variable that may hold one
        QString address{}; // the value of the last that may be one
        QStringList lines{};
    };
    QMap<QString, Group> groups;
    int lines = 0;
    for (const QStringView each : qTokenize(text, u'\n')) {
        if (++lines > mostLines || stop.stop_requested())
            break;
        const QString written = each.toString();
        const QRegularExpressionMatch match = line.match(written);
        if (!match.hasMatch())
            continue;
        const QString name = match.captured(1);
        Group &group = groups[stemOf(name)];
        group.lines.append(written);
        const bool isKey = name.endsWith("KEY"_L1) || name.endsWith("TOKEN"_L1);
        if (group.key.isEmpty() && isKey && !match.captured(2).trimmed().isEmpty())
            group.key = name;
        if (match.captured(2).contains("://"_L1))
            group.address = match.captured(2).trimmed().remove(u'"').remove(u'\'');
    }
    ChannelMaker maker(ImportSource::Environment);
    const Message unknown =
        Message::tr("It is not known which provider the key is for. Add the channel "
                    "by hand if it is one of a model.");
    for (const Group &group : groups) {
        if (stop.stop_requested())
            break;
        if (group.key.isEmpty())
            continue; // a setting of something else
        const RecognizedChannel found = recognizeChannel(group.lines.join(u'\n'));
        const domain::ProviderType *type = domain::providerType(found.type);
        if (found.keys.isEmpty() || !type || !type->relayable) {
            maker.skip(group.key, unknown);
            continue;
        }
        for (const QString &name : found.leftOut)
            maker.skip(name, unknown);
        for (const base::Secret &key : found.keys) {
            ProviderEntry entry{.origin = group.key,
                                .dialect = type->dialect,
                                .type = found.type,
                                .address = addressOf(found, *type, group.address),
                                .key = key};
            for (const QString &model : found.models)
                entry.models.append({.name = model, .provider = model});
            maker.add(entry);
        }
    }
    return maker.take();
}

} // namespace gatehouse::admin
