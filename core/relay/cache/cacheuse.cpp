#include "relay/cache/cacheuse.h"

#include "http/bodysource.h"

#include <QCryptographicHash>
#include <QJsonDocument>

namespace gatehouse::relay {

using domain::CachedRequests;
using protocol::Operation;

namespace {

// Answers of which each is the same as the last.
bool isSameEachTime(Operation operation)
{
    switch (operation) {
    case Operation::Embeddings:
    case Operation::Moderations:
    case Operation::EmbedContent:
    case Operation::BatchEmbedContents:
        return true;
    default:
        return false;
    }
}

// Conversations of Responses lie with the provider and go on there, so that the same request does not
// mean the same a second time.
bool isInWords(Operation operation)
{
    switch (operation) {
    case Operation::ChatCompletions:
    case Operation::Completions:
    case Operation::Messages:
    case Operation::GenerateContent:
    case Operation::StreamGenerateContent:
        return true;
    default:
        return false;
    }
}

bool isCached(CachedRequests requests, const protocol::Peek &peek)
{
    // What an address or a file holds, or a search finds, may be something else by now.
    if (peek.readsElsewhere)
        return false;
    if (isSameEachTime(peek.operation))
        return true;
    if (!isInWords(peek.operation))
        return false;
    switch (requests) {
    case CachedRequests::Embeddings:
        return false;
    case CachedRequests::Repeatable:
        return peek.temperature && *peek.temperature <= 0;
    case CachedRequests::All:
        break;
    }
    return true;
}

} // namespace

CacheLeave cacheLeaveOf(const domain::Settings::Cache &settings,
                        const protocol::Peek &peek,
                        const http::Headers &fields,
                        const http::BodySource &body)
{
    if (!body.isInMemory() || !isCached(settings.requests, peek)
        || fields.lists("cache-control", "no-store") || fields.lists("x-gatehouse-cache", "bypass"))
        return {};
    const bool wantsNew =
        fields.lists("cache-control", "no-cache") || fields.lists("cache-control", "max-age=0");
    return {.mayGive = !wantsNew, .mayKeep = true};
}

AnswerQuestion questionOf(const domain::Settings::Cache &settings,
                          const Caller &caller,
                          const protocol::Peek &peek,
                          const http::Headers &fields,
                          QByteArrayView body)
{
    const domain::Token &token = caller.token->token;
    AnswerQuestion question{
        .scope = settings.scope,
        .owner = settings.scope == domain::CacheScope::Token ? token.id.value : token.userId.value,
        .operation = peek.operation,
        .form = peek.form,
        .stream = peek.stream,
        .model = peek.model,
        .pinnedChannel = caller.pinnedChannel ? caller.pinnedChannel->value : 0,
        .fields = {},
        .body = body};
    // Of those that reach a provider, the others say who asks, and in which conversation.
    for (const QByteArrayView name : {QByteArrayView("anthropic-version"),
                                      QByteArrayView("anthropic-beta"),
                                      QByteArrayView("openai-beta")}) {
        for (qsizetype i = 0; i < fields.size(); ++i) {
            const http::Field field = fields.at(i);
            if (!http::equalNames(field.name, name))
                continue;
            question.fields.push_back(name.toByteArray());
            question.fields.push_back(field.value.toByteArray());
        }
    }
    return question;
}

QByteArray originOf(const domain::CatalogChannel &channel, const QByteArray &model)
{
    const domain::Channel &own = channel.channel;
    QCryptographicHash hash(QCryptographicHash::Blake2b_160);
    const auto add = [&hash](QByteArrayView text) {
        hash.addData(QByteArray::number(text.size()));
        hash.addData(QByteArrayView(":"));
        hash.addData(text);
    };
    add(QByteArray::number(own.type));
    add(channel.baseUrl);
    add(channel.providerModel(model));
    add(own.systemPrompt.toUtf8());
    add(own.organization.toUtf8());
    add(own.apiVersion.toUtf8());
    add(QJsonDocument(own.bodyOverrides).toJson(QJsonDocument::Compact));
    add(QJsonDocument(own.config).toJson(QJsonDocument::Compact));
    for (auto it = own.headerOverrides.cbegin(); it != own.headerOverrides.cend(); ++it) {
        add(it.key().toUtf8());
        add(it.value().toUtf8());
    }
    return hash.result();
}

} // namespace gatehouse::relay
