#include "relay/admission/clientnames.h"

#include <algorithm>
#include <array>

namespace gatehouse::relay {

namespace {

struct KnownClient
{
    QByteArrayView part{}; // of the User-Agent, in lower case
    const char *name = "";
};

// Programs stand before the kits that they are made with.
constexpr std::array<KnownClient, 58> known{{
    {"claude-cli", "Claude Code"},
    {"claude-code", "Claude Code"},
    {"codex", "Codex"},
    {"geminicli", "Gemini CLI"},
    {"gemini-cli", "Gemini CLI"},
    {"opencode", "OpenCode"},
    {"cherrystudio", "Cherry Studio"},
    {"cherry-studio", "Cherry Studio"},
    {"open webui", "Open WebUI"},
    {"open-webui", "Open WebUI"},
    {"openwebui", "Open WebUI"},
    {"roo-code", "Roo Code"},
    {"roocode", "Roo Code"},
    {"kilo-code", "Kilo Code"},
    {"kilocode", "Kilo Code"},
    {"cline", "Cline"},
    {"zed/", "Zed"},
    {"cursor/", "Cursor"},
    {"continue/", "Continue"},
    {"qwen-code", "Qwen Code"},
    {"qwencode", "Qwen Code"},
    {"aider", "aider"},
    {"goose/", "Goose"},
    {"crush/", "Crush"},
    {"lobechat", "LobeChat"},
    {"lobe-chat", "LobeChat"},
    {"librechat", "LibreChat"},
    {"chatbox", "Chatbox"},
    {"anythingllm", "AnythingLLM"},
    {"homeassistant", "Home Assistant"},
    {"home assistant", "Home Assistant"},
    {"githubcopilot", "GitHub Copilot"},
    {"jetbrains", "JetBrains AI"},
    {"obsidian", "Obsidian"},
    {"immersivetranslate", "Immersive Translate"},
    {"n8n", "n8n"},
    {"dify", "Dify"},
    {"litellm", "LiteLLM"},
    {"langchain", "LangChain"},
    {"postmanruntime", "Postman"},
    {"insomnia", "Insomnia"},
    {"bruno", "Bruno"},
    {"curl/", "cURL"},
    {"wget/", "Wget"},
    {"powershell", "PowerShell"},
    {"gl-node", "Node SDK"},
    {"/js", "Node SDK"},
    {"ai-sdk", "Node SDK"},
    {"node", "Node SDK"},
    {"undici", "Node SDK"},
    {"axios", "Node SDK"},
    {"bun/", "Node SDK"},
    {"python", "Python"},
    {"aiohttp", "Python"},
    {"go-http-client", "Go"},
    {"java", "Java"},
    {"reqwest", "Rust"},
    {"mozilla/", "Browser"},
}};

constexpr qsizetype longestSession = 200;
constexpr qsizetype longestUserAgent = 400;

// The fields of sessions, the preferred first. What stands in the body comes before `afterBody`.
constexpr std::array<QByteArrayView, 7> sessionFields{"x-session-id",
                                                      "x-claude-code-session-id",
                                                      "claude-code-session-id",
                                                      "session_id",
                                                      "session-id",
                                                      "x-session-affinity",
                                                      "x-grok-conv-id"};
constexpr size_t afterBody = 5;

} // namespace

QByteArrayList knownClients()
{
    QByteArrayList names;
    for (const KnownClient &client : known) {
        if (!names.contains(client.name))
            names.append(client.name);
    }
    return names;
}

QByteArray clientNameOf(QByteArrayView userAgent)
{
    const QByteArray text =
        userAgent.first(std::min(userAgent.size(), longestUserAgent)).toByteArray().toLower();
    for (const KnownClient &client : known) {
        if (text.contains(client.part))
            return QByteArray::fromRawData(client.name, qsizetype(qstrlen(client.name)));
    }
    return {};
}

QByteArray ClientNames::of(QByteArrayView userAgent)
{
    const QByteArray borrowed = QByteArray::fromRawData(userAgent.data(), userAgent.size());
    if (const auto found = m_names.constFind(borrowed); found != m_names.cend())
        return *found;
    constexpr qsizetype most = 256;
    if (m_names.size() >= most)
        m_names.clear();
    return *m_names.insert(userAgent.toByteArray(), clientNameOf(userAgent));
}

QByteArray sessionOf(const http::Headers &fields, const QByteArray &fromBody)
{
    std::array<QByteArrayView, sessionFields.size()> found{};
    constexpr qsizetype shortest = 10;
    constexpr qsizetype longest = 24;
    for (qsizetype i = 0; i < fields.size(); ++i) {
        const http::Field field = fields.at(i);
        if (field.name.size() < shortest || field.name.size() > longest)
            continue;
        for (size_t place = 0; place < sessionFields.size(); ++place) {
            if (http::equalNames(field.name, sessionFields[place]))
                found[place] = field.value;
        }
    }
    const auto firstOf = [&found](size_t begin, size_t end) -> QByteArrayView {
        for (size_t place = begin; place < end; ++place) {
            if (!found[place].isEmpty())
                return found[place].first(std::min(found[place].size(), longestSession));
        }
        return {};
    };
    if (const QByteArrayView preferred = firstOf(0, afterBody); !preferred.isEmpty())
        return preferred.toByteArray();
    if (!fromBody.isEmpty())
        return fromBody.left(longestSession);
    return firstOf(afterBody, sessionFields.size()).toByteArray();
}

} // namespace gatehouse::relay
