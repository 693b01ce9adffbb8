#include "protocol/peekfields.h"

#include <array>
#include <span>

namespace gatehouse::protocol {

namespace {

struct FieldName
{
    std::string_view name{};
    Field field = Field::None;
};

constexpr std::array openAiFields{
    FieldName{"model", Field::Model},
    FieldName{"messages", Field::Messages},
    FieldName{"input", Field::Input},
    FieldName{"prompt", Field::Prompt},
    FieldName{"instructions", Field::Instructions},
    FieldName{"stream", Field::Stream},
    FieldName{"stream_options", Field::StreamOptions},
    FieldName{"stream_format", Field::StreamFormat},
    FieldName{"max_tokens", Field::MaxTokens},
    FieldName{"max_completion_tokens", Field::MaxCompletionTokens},
    FieldName{"max_output_tokens", Field::MaxOutputTokens},
    FieldName{"n", Field::Choices},
    FieldName{"best_of", Field::BestOf},
    FieldName{"size", Field::Size},
    FieldName{"quality", Field::Quality},
    FieldName{"background", Field::Background},
    FieldName{"service_tier", Field::ServiceTier},
};

constexpr std::array anthropicFields{
    FieldName{"model", Field::Model},
    FieldName{"messages", Field::Messages},
    FieldName{"system", Field::System},
    FieldName{"stream", Field::Stream},
    FieldName{"max_tokens", Field::MaxTokens},
    FieldName{"speed", Field::Speed},
    FieldName{"inference_geo", Field::InferenceGeo},
};

constexpr std::array geminiFields{
    FieldName{"contents", Field::Contents},
    FieldName{"generationConfig", Field::GenerationConfig},
    FieldName{"generation_config", Field::GenerationConfig},
    FieldName{"systemInstruction", Field::SystemInstruction},
    FieldName{"system_instruction", Field::SystemInstruction},
    FieldName{"model", Field::Model},
    FieldName{"generateContentRequest", Field::GenerateContentRequest},
    FieldName{"generate_content_request", Field::GenerateContentRequest},
    FieldName{"requests", Field::Requests},
    FieldName{"serviceTier", Field::ServiceTier},
    FieldName{"service_tier", Field::ServiceTier},
};

std::span<const FieldName> fieldsOf(domain::Dialect dialect)
{
    switch (dialect) {
    case domain::Dialect::Anthropic:
        return anthropicFields;
    case domain::Dialect::Gemini:
        return geminiFields;
    case domain::Dialect::OpenAi:
        break;
    }
    return openAiFields;
}

constexpr char lowered(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

} // namespace

Field fieldNamed(domain::Dialect dialect, std::string_view name)
{
    for (const FieldName &candidate : fieldsOf(dialect)) {
        if (candidate.name == name)
            return candidate.field;
    }
    return Field::None;
}

bool foldsTo(std::string_view name, std::string_view known)
{
    // The only letters beyond ASCII that fold into it.
    constexpr std::string_view longS("\xC5\xBF");
    constexpr std::string_view kelvin("\xE2\x84\xAA");
    for (const char letter : known) {
        const char wanted = lowered(letter);
        if (name.empty())
            return false;
        if (lowered(name.front()) == wanted)
            name.remove_prefix(1);
        else if (wanted == 's' && name.starts_with(longS))
            name.remove_prefix(longS.size());
        else if (wanted == 'k' && name.starts_with(kelvin))
            name.remove_prefix(kelvin.size());
        else
            return false;
    }
    return name.empty();
}

std::string_view fieldNameLike(domain::Dialect dialect, std::string_view name)
{
    for (const FieldName &candidate : fieldsOf(dialect)) {
        if (foldsTo(name, candidate.name))
            return candidate.name;
    }
    return {};
}

} // namespace gatehouse::protocol
