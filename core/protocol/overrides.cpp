#include "protocol/splice.h"

#include "protocol/members.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QString>

namespace gatehouse::protocol {

using namespace Qt::StringLiterals;
using base::ErrorCode;
using base::Message;
using base::Result;

namespace {

// A member as it stands in the body, or as it shall stand there.
struct Piece
{
    QByteArray name{};
    QByteArrayView text{};    // key, colon and value; empty: replaced
    QByteArray replacement{}; // of `text`
    Range value{};
};

// The top-level members of a body in their order, which can be set and removed.
class Members
{
public:
    static Result<Members> of(QByteArrayView body);

    Result<> set(const QByteArray &name, const QByteArray &value);
    void remove(const QByteArray &name);
    bool contains(const QByteArray &name) const;
    QByteArray text() const;

private:
    QByteArrayView m_body;
    std::vector<Piece> m_pieces;
    bool m_isChanged = false;
};

Result<Members> Members::of(QByteArrayView body)
{
    Members members;
    members.m_body = body;
    simdjson::dom::element root;
    simdjson::dom::object object;
    QByteArray repaired;
    if (parseJsonLeniently(body, true, root, &repaired) || root.get_object().get(object))
        return base::fail(ErrorCode::InvalidInput,
                          Message::tr("The request body is not a JSON object."));
    const QByteArrayView text = repaired.isEmpty() ? body : QByteArrayView(repaired);
    const qsizetype begin = text.indexOf('{');
    const auto error =
        visitMembers(text, {begin, text.size() - begin}, object, [&](const Member &member) {
            const qsizetype length = member.text.end() - member.key.offset;
            members.m_pieces.push_back({.name = bytes(member.name).toByteArray(),
                                        .text = body.sliced(member.key.offset, length),
                                        .value = member.text});
        });
    if (error)
        return base::fail(ErrorCode::InvalidInput,
                          Message::tr("The request body is not valid JSON."));
    return members;
}

Result<> Members::set(const QByteArray &name, const QByteArray &value)
{
    m_isChanged = true;
    const QByteArray replacement = jsonString(name) + ':' + value;
    Piece *found = nullptr;
    for (Piece &piece : m_pieces) {
        if (piece.name != name)
            continue;
        if (found) {
            return base::fail(ErrorCode::InvalidInput,
                              Message::tr("The member \"%1\" occurs more than once.")
                                  .arg(QString::fromUtf8(name)));
        }
        found = &piece;
    }
    if (found)
        found->replacement = replacement;
    else
        m_pieces.push_back({.name = name, .replacement = replacement});
    return {};
}

void Members::remove(const QByteArray &name)
{
    m_isChanged |=
        std::erase_if(m_pieces, [&](const Piece &piece) { return piece.name == name; }) > 0;
}

bool Members::contains(const QByteArray &name) const
{
    return std::any_of(
        m_pieces.begin(), m_pieces.end(), [&](const Piece &piece) { return piece.name == name; });
}

QByteArray Members::text() const
{
    QByteArray result;
    result.reserve(m_body.size() + peekPadding);
    if (!m_isChanged)
        return result.append(m_body);
    result.append('{');
    for (const Piece &piece : m_pieces) {
        if (result.size() > 1)
            result.append(',');
        if (piece.replacement.isEmpty())
            result.append(piece.text);
        else
            result.append(piece.replacement);
    }
    result.append('}');
    result.reserve(result.size() + peekPadding);
    return result;
}

QByteArray jsonOf(const QJsonValue &value)
{
    // QJsonDocument writes objects and arrays only.
    const QByteArray text = QJsonDocument(QJsonArray{value}).toJson(QJsonDocument::Compact);
    return text.sliced(1, text.size() - 2);
}

// Puts the system prompt into the array of a chat's messages.
Result<QByteArray> withSystemMessage(QByteArrayView body, const QByteArray &prompt)
{
    simdjson::dom::element root;
    simdjson::dom::object object;
    QByteArray repaired;
    if (parseJsonLeniently(body, true, root, &repaired) || root.get_object().get(object))
        return base::fail(ErrorCode::InvalidInput,
                          Message::tr("The request body is not a JSON object."));
    const QByteArrayView text = repaired.isEmpty() ? body : QByteArrayView(repaired);
    const qsizetype begin = text.indexOf('{');
    Range place;
    simdjson::dom::array messages;
    const auto error =
        visitMembers(text, {begin, text.size() - begin}, object, [&](const Member &member) {
            if (member.name == "messages" && !member.value.get_array().get(messages))
                place = member.text;
        });
    if (error || !place.isPresent()) {
        return base::fail(ErrorCode::InvalidInput,
                          Message::tr("The member \"messages\" must be an array."));
    }

    std::string_view role;
    if (messages.size() > 0)
        role = stringOf(messages.at(0), "role");
    const bool replaces = role == "system" || role == "developer";
    const QByteArray message = "{\"role\":" + jsonString(replaces ? bytes(role) : "system")
                               + ",\"content\":" + jsonString(prompt) + '}';
    if (!replaces) {
        return spliced(body,
                       {{.offset = place.offset + 1,
                         .length = 0,
                         .replacement = messages.size() > 0 ? message + ',' : message}});
    }

    simdjson::ondemand::parser parser;
    simdjson::ondemand::document document;
    simdjson::ondemand::array places;
    const auto length = static_cast<size_t>(place.length);
    const char *start = text.data() + place.offset;
    if (parser.iterate(start, length, length + simdjson::SIMDJSON_PADDING).get(document)
        || document.get_array().get(places)) {
        return base::fail(ErrorCode::Internal, Message::tr("The messages could not be read."));
    }
    std::string_view first;
    for (auto value : places) {
        simdjson::ondemand::object inner;
        if (value.get_object().get(inner) || inner.raw_json().get(first))
            return base::fail(ErrorCode::Internal,
                              Message::tr("The first message could not be read."));
        break;
    }
    const qsizetype close = QByteArrayView(bytes(first)).lastIndexOf('}');
    return spliced(body,
                   {{.offset = static_cast<qsizetype>(first.data() - text.data()),
                     .length = close + 1,
                     .replacement = message}});
}

// Where the dialect has one member for it.
Result<> setSystemPrompt(Members &members, const QByteArray &prompt, Operation operation)
{
    switch (operation) {
    case Operation::Responses:
        return members.set("instructions", jsonString(prompt));
    case Operation::Messages:
    case Operation::CountTokens:
        return members.set("system", jsonString(prompt));
    case Operation::GenerateContent:
    case Operation::StreamGenerateContent: {
        // Protocol buffers know the member by two spellings; both together would be refused.
        const QByteArray name =
            members.contains("system_instruction") ? "system_instruction" : "systemInstruction";
        return members.set(name, "{\"parts\":[{\"text\":" + jsonString(prompt) + "}]}");
    }
    default:
        return {};
    }
}

} // namespace

Result<QByteArray> withOverrides(QByteArrayView body,
                                 const QJsonObject &overrides,
                                 const QByteArray &systemPrompt,
                                 Operation operation)
{
    if (overrides.isEmpty() && systemPrompt.isEmpty())
        return body.toByteArray();
    // Nothing else is set, so that one reading is enough.
    if (overrides.isEmpty() && !systemPrompt.isEmpty() && operation == Operation::ChatCompletions)
        return withSystemMessage(body, systemPrompt);
    auto members = Members::of(body);
    if (!members)
        return base::fail(members.error());
    for (auto override = overrides.begin(); override != overrides.end(); ++override) {
        const QByteArray name = override.key().toUtf8();
        if (name == "model" || name == "stream")
            continue;
        if (override.value().isNull()) {
            members->remove(name);
        } else if (auto done = members->set(name, jsonOf(override.value())); !done) {
            return base::fail(done.error());
        }
    }
    if (systemPrompt.isEmpty())
        return members->text();
    if (operation == Operation::ChatCompletions)
        return withSystemMessage(members->text(), systemPrompt);
    if (auto done = setSystemPrompt(*members, systemPrompt, operation); !done)
        return base::fail(done.error());
    return members->text();
}

} // namespace gatehouse::protocol
