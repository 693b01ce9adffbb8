#pragma once

#include <QByteArray>
#include <QStringList>

#include <optional>

namespace gatehouse::admin {

// The names of the models in what a provider or a local server answered, in the form of OpenAI,
// Anthropic, Gemini or Ollama; sorted, each once. Absent: it is no list of models.
std::optional<QStringList> modelsInAnswer(const QByteArray &body);

} // namespace gatehouse::admin
