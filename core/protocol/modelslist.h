#pragma once

#include "domain/providertype.h"

#include <QByteArray>

#include <optional>
#include <span>

namespace gatehouse::protocol {

// A part of a long list, as clients of Anthropic's (`limit`, `after_id`, `before_id`) and Gemini's
// API (`pageSize`, `pageToken`) ask for it. OpenAI's list has no parts.
struct ModelsPage
{
    qint64 limit = 1000;
    QByteArray afterId{};
    QByteArray beforeId{};
};

// The models that a token may use, in the dialect of the asker. The order is kept.
QByteArray modelsList(domain::Dialect dialect,
                      std::span<const QByteArray> models,
                      const ModelsPage &page = {});

// One of them.
QByteArray modelAnswer(domain::Dialect dialect, QByteArrayView model);

// The page that a query string asks for. Limits out of range are brought into it.
ModelsPage modelsPage(domain::Dialect dialect, QByteArrayView query);

} // namespace gatehouse::protocol
