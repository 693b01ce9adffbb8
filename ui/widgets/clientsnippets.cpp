#include "widgets/clientsnippets.h"

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

std::vector<ClientSnippet> clientSnippets()
{
    return {{u"Claude Code (bash, zsh)"_s,
             u"export ANTHROPIC_BASE_URL='$URL'\nexport ANTHROPIC_AUTH_TOKEN='$KEY'\n"_s},
            // It wants what stands before the table at the head of the file.
            {u"Codex (~/.codex/config.toml)"_s,
             u"# In the shell: export CODEX_GATEWAY_KEY='$KEY'\n"
             "model_provider = \"gatehouse\"\n\n"
             "[model_providers.gatehouse]\n"
             "name = \"Gatehouse\"\n"
             "base_url = \"$URL/v1\"\n"
             "env_key = \"CODEX_GATEWAY_KEY\"\n"
             "wire_api = \"responses\"\n"_s},
            {u"OpenAI SDK (bash, zsh)"_s,
             u"export OPENAI_BASE_URL='$URL/v1'\nexport OPENAI_API_KEY='$KEY'\n"_s},
            {u"Gemini CLI (bash, zsh)"_s,
             u"export GOOGLE_GEMINI_BASE_URL='$URL'\nexport GEMINI_API_KEY='$KEY'\n"_s},
            {u"PowerShell"_s,
             u"$env:OPENAI_BASE_URL = '$URL/v1'\n$env:OPENAI_API_KEY = '$KEY'\n"
             "$env:ANTHROPIC_BASE_URL = '$URL'\n$env:ANTHROPIC_AUTH_TOKEN = '$KEY'\n"_s},
            {u"cURL"_s, u"curl '$URL/v1/models' -H 'Authorization: Bearer $KEY'\n"_s},
            {u"JSON"_s, u"{\"base_url\": \"$URL/v1\", \"api_key\": \"$KEY\"}\n"_s}};
}

QString filledSnippet(const QString &text, const QString &url, const base::Secret &key)
{
    QString filled = text;
    filled.replace(u"$URL"_s, url);
    filled.replace(u"$KEY"_s, QString::fromLatin1(key.reveal()));
    return filled;
}

} // namespace gatehouse::ui
