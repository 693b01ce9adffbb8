#include "management/channelcontroller.h"

#include "management/channeljson.h"
#include "management/channelreader.h"

using namespace Qt::StringLiterals;

namespace gatehouse::management {

using base::Result;
using domain::Channel;
using domain::ChannelId;

void ChannelController::addTo(Router &router)
{
    const auto add = [&router](QByteArray method, QByteArray path, bool hasBody, Handler handler) {
        router.add({.method = std::move(method),
                    .pattern = std::move(path),
                    .policy = Policy::administrator(),
                    .handler = std::move(handler),
                    .hasBody = hasBody});
    };
    add("GET", "/api/channel", false, [this](const Call &call) { return list(call); });
    add("GET", "/api/channel/search", false, [this](const Call &call) { return search(call); });
    add("GET", "/api/channel/models", false, [this](const Call &) { return models(); });
    add("GET", "/api/channel/health", false, [this](const Call &) { return health(); });
    add("GET", "/api/channel/:id", false, [this](const Call &call) { return find(call); });
    add("POST", "/api/channel", true, [this](const Call &call) { return create(call); });
    add("PUT", "/api/channel", true, [this](const Call &call) { return change(call); });
    add("DELETE", "/api/channel/:id", false, [this](const Call &call) { return remove(call); });
    add("DELETE", "/api/channel/disabled", false, [this](const Call &) {
        return respond(m_admin.channels.removeDisabled(),
                       [](qint64 removed) { return QJsonValue(removed); });
    });
}

QJsonObject ChannelController::json(const Channel &channel) const
{
    return channelJson(channel, m_admin.foundation.health.snapshot());
}

QJsonArray ChannelController::json(const std::vector<Channel> &channels) const
{
    const std::vector<relay::KeyHealth> healths = m_admin.foundation.health.snapshot();
    QJsonArray array;
    for (const Channel &channel : channels)
        array.append(channelJson(channel, healths));
    return array;
}

Response ChannelController::list(const Call &call)
{
    const auto page = call.page();
    if (!page)
        return responded(page.error());
    return respond(m_admin.channels.list(*page),
                   [this](const std::vector<Channel> &channels) { return json(channels); });
}

Response ChannelController::search(const Call &call)
{
    return respond(m_admin.channels.search(call.text(u"keyword"_s)),
                   [this](const std::vector<Channel> &channels) { return json(channels); });
}

Response ChannelController::find(const Call &call)
{
    const Result<qint64> id = call.id();
    if (!id)
        return responded(id.error());
    return respond(m_admin.channels.find(ChannelId{*id}),
                   [this](const Channel &channel) { return json(channel); });
}

Response ChannelController::create(const Call &call)
{
    Result<std::vector<Channel>> channels = readNewChannels(call.body);
    if (!channels)
        return responded(channels.error());
    return respond(
        m_admin.channels.create(std::move(*channels)), [this](const std::vector<Channel> &made) {
            return made.size() == 1 ? QJsonValue(json(made.front())) : QJsonValue(json(made));
        });
}

Response ChannelController::change(const Call &call)
{
    const auto id = call.reader().integer(u"id");
    if (!id)
        return responded(id.error());
    const auto edit = [body = call.body](Channel &channel) { return readChannel(body, channel); };
    return respond(m_admin.channels.change(ChannelId{id->value_or(0)}, edit),
                   [this](const Channel &channel) { return json(channel); });
}

Response ChannelController::remove(const Call &call)
{
    const Result<qint64> id = call.id();
    if (!id)
        return responded(id.error());
    return respond(m_admin.channels.remove(ChannelId{*id}));
}

// All models that channels name, in the form of OpenAI's list and without the envelope.
Response ChannelController::models()
{
    QMap<QString, QString> owners;
    if (const auto &catalog = m_admin.publisher.catalog()) {
        for (const auto &channel : catalog->channels()) {
            for (const QString &model : channel->channel.models)
                owners.insert(model, QString::fromUtf8(channel->type->name));
        }
    }
    QJsonArray data;
    for (auto it = owners.cbegin(); it != owners.cend(); ++it) {
        data.append(QJsonObject{{u"id"_s, it.key()},
                                {u"object"_s, u"model"_s},
                                {u"created"_s, 0},
                                {u"owned_by"_s, it.value()}});
    }
    return responded(document({{u"object"_s, u"list"_s}, {u"data"_s, data}}));
}

Response ChannelController::health()
{
    QJsonArray data;
    for (const relay::KeyHealth &known : m_admin.foundation.health.snapshot())
        data.append(healthJson(known));
    return responded(succeeded(data));
}

} // namespace gatehouse::management
