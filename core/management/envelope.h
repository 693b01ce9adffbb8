#pragma once

#include "base/result.h"
#include "gateway/apihandler.h"

#include <QJsonArray>
#include <QJsonObject>
#include <QJsonValue>

namespace gatehouse::management {

// The form of all answers of the management API: {"success", "message", "data"}, with status 200
// also where something was refused.

// `data` is left out if it is undefined.
gateway::ApiResponse succeeded(const QJsonValue &data = QJsonValue(QJsonValue::Undefined),
                               const QString &message = {});
gateway::ApiResponse refusal(const QString &message, int status = 200);
// Of a failed operation: what the caller did wrong is told with status 200, trouble of the program's
// own with 500 or 503, and a limit with 429.
gateway::ApiResponse refusal(const base::Error &error);
// 503, to whoever still waits for an answer when the program ends.
gateway::ApiResponse shuttingDown();
// A whole document that is not in the envelope.
gateway::ApiResponse document(const QJsonObject &object, int status = 200);
// An unknown path or method, in the words of OpenAI's API.
gateway::ApiResponse notFound(const gateway::ApiRequest &request);

} // namespace gatehouse::management
