#include "protocol/counting/prompttexts.h"

#include "protocol/jsontext.h"

#include <algorithm>
#include <array>

namespace gatehouse::protocol {

namespace {

using Names = std::initializer_list<std::string_view>;

bool isAmong(std::string_view name, Names names)
{
    return std::find(names.begin(), names.end(), name) != names.end();
}

// The members of a request whose texts become input.
bool isPrompt(std::string_view name)
{
    return isAmong(name,
                   {"messages",
                    "prompt",
                    "suffix",
                    "input",
                    "instructions",
                    "instruction",
                    "system",
                    "contents",
                    "content",
                    "requests",
                    "generateContentRequest",
                    "systemInstruction",
                    "system_instruction"});
}

bool isTools(std::string_view name)
{
    return isAmong(name, {"tools", "functions"});
}

// Members of messages and their parts that no model reads.
bool isTechnical(std::string_view name)
{
    return isAmong(name,
                   {"type",
                    "id",
                    "tool_call_id",
                    "call_id",
                    "tool_use_id",
                    "signature",
                    "thoughtSignature",
                    "thought_signature",
                    "encrypted_content",
                    "cache_control",
                    "status",
                    "phase",
                    "annotations",
                    "logprobs",
                    "model"});
}

// Members whose objects a model sees as JSON: what a tool was called with, and what it answered.
bool isJsonForModel(std::string_view name)
{
    return isAmong(name, {"input", "args", "response"});
}

// Whether a part of a message is a picture, a sound or a file.
bool isMedia(simdjson::dom::element part)
{
    for (const std::string_view name : {"image_url",
                                        "input_audio",
                                        "file",
                                        "inlineData",
                                        "inline_data",
                                        "fileData",
                                        "file_data",
                                        "file_id"}) {
        if (memberOf(part, name))
            return true;
    }
    return isAmong(stringOf(part, "type"),
                   {"image", "document", "input_image", "input_file", "image_url"});
}

} // namespace

// The way through one body.
class PromptWalk
{
public:
    PromptWalk(PromptTexts &prompt, QByteArrayView model)
        : m_prompt(prompt)
        , m_model(model)
    {}

    void body(simdjson::dom::object root)
    {
        for (const auto &[name, value] : root) {
            if (isPrompt(name))
                visit(value);
            else if (isTools(name))
                tools(value);
        }
        constexpr qint64 reply = 3; // what introduces the answer
        if (m_messages > 0)
            m_prompt.m_fixedTokens += reply;
    }

private:
    void visit(simdjson::dom::element value)
    {
        switch (value.type()) {
        case simdjson::dom::element_type::STRING:
            m_prompt.m_texts.push_back(bytes(value.get_string().value_unsafe()));
            break;
        case simdjson::dom::element_type::ARRAY:
            array(value);
            break;
        case simdjson::dom::element_type::OBJECT:
            object(value);
            break;
        case simdjson::dom::element_type::INT64:
        case simdjson::dom::element_type::UINT64:
            ++m_prompt.m_fixedTokens; // a prompt may be given as the numbers of its tokens
            break;
        default:
            break;
        }
    }

    void array(simdjson::dom::element list)
    {
        simdjson::dom::array elements;
        if (list.get(elements))
            return;
        for (const simdjson::dom::element each : elements)
            visit(each);
    }

    void object(simdjson::dom::element part)
    {
        if (isMedia(part)) {
            m_prompt.m_fixedTokens += mediaTokens(part);
            return;
        }
        if (memberOf(part, "role"))
            frame(part);
        simdjson::dom::object members;
        if (part.get(members))
            return;
        for (const auto &[name, value] : members) {
            if (isTechnical(name))
                continue;
            if (isJsonForModel(name) && value.is_object())
                asJson(value);
            else if (!value.is_number())
                visit(value);
        }
    }

    void tools(simdjson::dom::element list)
    {
        simdjson::dom::array elements;
        if (list.get(elements))
            return;
        for (const simdjson::dom::element each : elements)
            asJson(each);
    }

    // https://github.com/openai/openai-cookbook, "How to count tokens with tiktoken".
    void frame(simdjson::dom::element message)
    {
        ++m_messages;
        m_prompt.m_fixedTokens += m_model.endsWith("-0301") ? 4 : 3;
        if (memberOf(message, "name"))
            ++m_prompt.m_fixedTokens;
    }

    void asJson(simdjson::dom::element value)
    {
        m_prompt.m_made.push_back(simdjson::minify(value));
        m_prompt.m_texts.push_back(bytes(m_prompt.m_made.back()));
    }

    // For a picture of usual size, about 1024 x 1024, as these pages describe it:
    // https://platform.openai.com/docs/guides/images-vision (85 and 170 for each of four tiles),
    // https://docs.anthropic.com/en/docs/build-with-claude/vision (width x height / 750),
    // https://ai.google.dev/gemini-api/docs/image-understanding (258 for each of four tiles).
    qint64 mediaTokens(simdjson::dom::element part) const
    {
        if (m_model.contains("claude"))
            return 1600;
        if (m_model.contains("gemini"))
            return 1032;
        std::string_view detail = stringOf(part, "detail");
        if (const auto image = memberOf(part, "image_url"); image && detail.empty())
            detail = stringOf(*image, "detail");
        const bool isLow = detail == "low";
        if (m_model.contains("gpt-4o-mini"))
            return isLow ? 2833 : 2833 + 4 * 5667;
        return isLow ? 85 : 85 + 4 * 170;
    }

    PromptTexts &m_prompt;
    QByteArrayView m_model;
    qint64 m_messages = 0;
};

bool PromptTexts::read(QByteArrayView requestBody, QByteArrayView model)
{
    simdjson::dom::element root;
    simdjson::dom::object members;
    if (parseJsonLeniently(requestBody, false, root) || root.get(members))
        return false;
    PromptWalk(*this, model).body(members);
    return true;
}

} // namespace gatehouse::protocol
