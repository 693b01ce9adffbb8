#pragma once

#include "admin/configs/proposedchannels.h"
#include "base/result.h"
#include "storage/import/foreigngateway.h"

#include <QJsonObject>

#include <stop_token>

namespace gatehouse::admin {

// Recognises, by its content, a LiteLLM `config.yaml`, the `config.json` of cc-switch or of Claude Code
// Router, or a `.env` file, and reads it. `path` is for messages alone; nothing but `text` is looked into.
// Fit for a pool's thread; ends early, with Cancelled, on a stop request.
base::Result<ConfigContent> readConfig(const QString &path,
                                       const QByteArray &text,
                                       const Variables &variables,
                                       const std::stop_token &stop = {});

// Its parts, by program. None fails: what cannot be used is told in the content, which is not whole after a
// stop request.
ConfigContent readLiteLlm(const QJsonObject &config,
                          const Variables &variables,
                          const std::stop_token &stop = {});
ConfigContent readClaudeCodeRouter(const QJsonObject &config,
                                   const Variables &variables,
                                   const std::stop_token &stop = {});
ConfigContent readEnvironment(const QString &text, const std::stop_token &stop = {});
// Of its database, and of the file that it had before.
ConfigContent readCcSwitch(const std::vector<storage::ForeignProvider> &providers,
                           const Variables &variables,
                           const std::stop_token &stop = {});
ConfigContent readCcSwitch(const QJsonObject &config,
                           const Variables &variables,
                           const std::stop_token &stop = {});

} // namespace gatehouse::admin
