#include "protocol/counting/contentreader.h"

namespace gatehouse::protocol {

using simdjson::dom::element;

namespace {

// The text of an element as it stands in the document, for arguments that are objects.
void addJson(element value, Delivered &delivered)
{
    delivered.add(bytes(simdjson::minify(value)));
}

void addText(element from, std::string_view name, Delivered &delivered)
{
    delivered.add(bytes(stringOf(from, name)));
}

void addToolCall(element call, Delivered &delivered)
{
    delivered.hasContent = true;
    for (const std::string_view kind : {"function", "custom"}) {
        const auto function = memberOf(call, kind);
        if (!function)
            continue;
        addText(*function, "name", delivered);
        addText(*function, "arguments", delivered);
        addText(*function, "input", delivered);
        // Some providers send the arguments as an object.
        const auto arguments = memberOf(*function, "arguments");
        if (arguments && arguments->is_object())
            addJson(*arguments, delivered);
    }
}

// Mistral sends the content as parts: {type: text, text}, {type: thinking, thinking: [{text}]}.
void addParts(simdjson::dom::array parts, Delivered &delivered)
{
    for (const element part : parts) {
        addText(part, "text", delivered);
        addText(part, "refusal", delivered);
        const auto thoughts = arrayOf(part, "thinking");
        if (!thoughts)
            continue;
        for (const element thought : *thoughts)
            addText(thought, "text", delivered);
    }
}

} // namespace

void readOpenAiMessage(element message, Delivered &delivered)
{
    const ObjectMembers members(message);
    const auto addMember = [&](std::string_view name) { delivered.add(bytes(members.text(name))); };
    addMember("content");
    if (const auto parts = members.array("content"))
        addParts(*parts, delivered);
    // The same reasoning under two names is counted once.
    if (const std::string_view reasoning = members.text("reasoning_content"); !reasoning.empty()) {
        delivered.add(bytes(reasoning));
    } else {
        addMember("reasoning");
    }
    addMember("refusal");
    addMember("text");
    if (const auto calls = members.array("tool_calls")) {
        for (const element call : *calls)
            addToolCall(call, delivered);
    }
    if (const auto call = members.find("function_call"); call && call->is_object()) {
        delivered.hasContent = true;
        addText(*call, "name", delivered);
        addText(*call, "arguments", delivered);
    }
    if (const auto audio = members.find("audio"); audio && audio->is_object()) {
        delivered.hasContent = true;
        addText(*audio, "transcript", delivered);
    }
    if (const auto images = members.array("images"); images && images->size() > 0) {
        delivered.hasContent = true;
        delivered.pictures += static_cast<qint64>(images->size());
    }
}

void readGeminiCandidate(element candidate, Delivered &delivered)
{
    const auto content = memberOf(candidate, "content");
    const auto parts = content ? arrayOf(*content, "parts") : std::nullopt;
    if (!parts)
        return;
    for (const element part : *parts) {
        addText(part, "text", delivered);
        for (const std::string_view kind :
             {"functionCall", "executableCode", "codeExecutionResult"}) {
            const auto inner = memberOf(part, kind);
            if (!inner || !inner->is_object())
                continue;
            delivered.hasContent = true;
            addText(*inner, "name", delivered);
            addText(*inner, "code", delivered);
            addText(*inner, "output", delivered);
            if (const auto arguments = memberOf(*inner, "args"))
                addJson(*arguments, delivered);
        }
        for (const std::string_view kind : {"inlineData", "fileData", "toolCall"}) {
            const auto inner = memberOf(part, kind);
            if (!inner)
                continue;
            delivered.hasContent = true;
            if (stringOf(*inner, "mimeType").starts_with("image/"))
                ++delivered.pictures;
        }
    }
}

void readAnthropicBlock(element block, Delivered &delivered)
{
    const std::string_view type = stringOf(block, "type");
    if (type == "text" || type == "thinking") {
        addText(block, "text", delivered);
        addText(block, "thinking", delivered);
        return;
    }
    if (type.empty())
        return;
    delivered.hasContent = true;
    addText(block, "name", delivered);
    // A stream begins a call with an empty input and sends the true one in pieces.
    simdjson::dom::object input;
    const auto member = memberOf(block, "input");
    if (member && !member->get_object().get(input) && input.size() > 0)
        addJson(*member, delivered);
}

void readResponsesItem(element item, Delivered &delivered)
{
    const std::string_view type = stringOf(item, "type");
    if (type == "message" || type == "reasoning") {
        for (const std::string_view name : {"content", "summary"}) {
            if (const auto parts = arrayOf(item, name))
                addParts(*parts, delivered);
        }
        return;
    }
    if (type.empty())
        return;
    delivered.hasContent = true;
    if (type == "image_generation_call")
        ++delivered.pictures;
    addText(item, "name", delivered);
    addText(item, "arguments", delivered);
    addText(item, "input", delivered);
    addText(item, "code", delivered);
}

} // namespace gatehouse::protocol
