// Request bodies: what peek() accepts must mean the same to other parsers of JSON, and the edits made
// from it must change that one member and nothing else.

#include "fuzz/fuzzing.h"
#include "protocol/splice.h"

#include <QJsonDocument>
#include <QJsonObject>

#include <boost/json.hpp>

#include <algorithm>
#include <optional>
#include <vector>

using namespace gatehouse;
using protocol::Operation;
namespace json = boost::json;

namespace {

constexpr Operation operations[] = {
    Operation::ChatCompletions,
    Operation::Completions,
    Operation::Embeddings,
    Operation::Moderations,
    Operation::Responses,
    Operation::ImageGenerations,
    Operation::Speech,
    Operation::Messages,
    Operation::GenerateContent,
    Operation::EmbedContent,
    Operation::GeminiCountTokens,
};

// A copy with padding and not one byte more, so that reading on is noticed.
class Padded
{
public:
    explicit Padded(QByteArrayView text)
        : m_size(text.size())
        , m_bytes(static_cast<std::size_t>(text.size() + protocol::peekPadding), '}')
    {
        std::copy(text.begin(), text.end(), m_bytes.begin());
    }

    QByteArrayView view() const { return {m_bytes.data(), m_size}; }

private:
    qsizetype m_size;
    std::vector<char> m_bytes;
};

std::optional<json::object> parsedByBoost(QByteArrayView text)
{
    json::parse_options options;
    options.max_depth = 100;
    json::error_code error;
    const json::value value = json::parse(
        json::string_view(text.data(), static_cast<std::size_t>(text.size())), error, {}, options);
    if (error || !value.is_object())
        return std::nullopt;
    return value.as_object();
}

void require(bool holds, const char *what)
{
    if (holds)
        return;
    std::fprintf(stderr, "%s\n", what);
    std::abort();
}

QByteArrayView viewOf(const json::value &value)
{
    const json::string &text = value.as_string();
    return {text.data(), static_cast<qsizetype>(text.size())};
}

// By their text, since Boost makes 0e400 a NaN, which equals nothing.
bool haveEqualMembers(const json::object &left, const json::object &right)
{
    return left.size() == right.size()
           && std::all_of(left.begin(), left.end(), [&right](const json::key_value_pair &member) {
                  const json::value *other = right.if_contains(member.key());
                  return other && json::serialize(*other) == json::serialize(member.value());
              });
}

bool isTrue(const json::object &object, const char *name)
{
    const json::value *value = object.if_contains(name);
    return value && value->is_bool() && value->as_bool();
}

// Qt keeps the last of two members of one name and others the first, so both are asked.
void compareWithParsers(const protocol::Peek &peek, QByteArrayView body)
{
    if (const auto object = parsedByBoost(body)) {
        require(object->contains("model"), "Boost sees no model");
        for (const json::key_value_pair &member : *object) {
            const QByteArrayView name(member.key().data(), qsizetype(member.key().size()));
            require(name == "model" || name.toByteArray().toLower() != "model",
                    "A parser that does not heed case may see another model");
        }
        fuzzing::requireEqual(peek.model, viewOf(object->at("model")), "The model for Boost:");
        require(peek.stream == isTrue(*object, "stream"), "The stream differs for Boost");
        const json::value *options = object->if_contains("stream_options");
        const bool asked =
            options && options->is_object() && isTrue(options->as_object(), "include_usage");
        require(peek.includeUsage == asked, "include_usage differs for Boost");
    }
    // Qt drops a byte order mark at the beginning of every text, names of members included.
    if (body.contains("\xEF\xBB\xBF") || body.toByteArray().toLower().contains("\\ufeff"))
        return;
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson(body.toByteArray(), &error);
    if (error.error == QJsonParseError::NoError) {
        const QJsonObject object = document.object();
        fuzzing::requireEqual(
            peek.model, object[QLatin1String("model")].toString().toUtf8(), "The model for Qt:");
        require(peek.stream == object[QLatin1String("stream")].toBool(),
                "The stream differs for Qt");
    }
}

void checkEdits(const protocol::Peek &peek, QByteArrayView body)
{
    auto before = parsedByBoost(body);
    if (!before)
        return;
    if (const auto edits = protocol::editModel(peek, "other"); !edits.empty()) {
        auto after = parsedByBoost(protocol::spliced(body, edits));
        require(after.has_value(), "Naming another model broke the body");
        if (peek.operation != Operation::GeminiCountTokens
            && peek.operation != Operation::BatchEmbedContents) {
            const bool isGemini = protocol::dialectOf(peek.operation) == domain::Dialect::Gemini;
            json::object expected = *before;
            expected["model"] = isGemini ? "models/other" : "other";
            require(haveEqualMembers(*after, expected),
                    "Naming another model changed something else");
        }
    }
    if (const auto edit = protocol::editIncludeUsage(peek)) {
        auto after = parsedByBoost(protocol::spliced(body, {*edit}));
        require(after.has_value(), "Asking for usage broke the body");
        json::object optionsBefore;
        if (const json::value *options = before->if_contains("stream_options");
            options && options->is_object())
            optionsBefore = options->as_object();
        optionsBefore["include_usage"] = true;
        require(haveEqualMembers(after->at("stream_options").as_object(), optionsBefore),
                "Asking for usage changed another option");
        before->erase("stream_options");
        after->erase("stream_options");
        require(haveEqualMembers(*after, *before), "Asking for usage changed something else");
    }
}

void checkOverrides(Operation operation, QByteArrayView body)
{
    const QJsonObject overrides{{QStringLiteral("top_k"), 7},
                                {QStringLiteral("seed"), QJsonValue::Null}};
    const auto result = protocol::withOverrides(body, overrides, "Be kind", operation);
    if (!result || !parsedByBoost(body))
        return;
    const auto after = parsedByBoost(*result);
    require(after.has_value(), "Overrides broke the body");
    require(after->at("top_k") == 7, "An override is missing");
    require(!after->contains("seed"), "A removed member is still there");
    if (operation == Operation::ChatCompletions) {
        const json::value &first = after->at("messages").as_array().at(0);
        require(first.at("content") == "Be kind", "The system prompt is missing");
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const Padded body(fuzzing::viewOf(data, size));
    for (const Operation operation : operations) {
        const auto peek = protocol::peek(body.view(), operation, "g");
        if (!peek)
            continue;
        if (operation == Operation::ChatCompletions)
            compareWithParsers(*peek, body.view());
        checkEdits(*peek, body.view());
        checkOverrides(operation, body.view());
    }
    (void)protocol::peekModelFromGeminiPath(fuzzing::viewOf(data, size));
    return 0;
}
