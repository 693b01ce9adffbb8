#pragma once

#include <QByteArray>
#include <QByteArrayView>

#include <simdjson.h>

#include <array>
#include <optional>
#include <string_view>
#include <utility>

// Reading of JSON inside this folder. Nothing outside includes this file.
namespace gatehouse::protocol {

// What may stand between the values of a document: RFC 8259, section 2.
constexpr bool isJsonSpace(char byte)
{
    return byte == ' ' || byte == '\n' || byte == '\r' || byte == '\t';
}

// How many levels of objects and arrays a document may have, not counting empty ones.
inline constexpr size_t deepestJson = 64;

// Parses the whole text and checks all of it. The element lives until the next call in the same
// thread. With `isPadded` SIMDJSON_PADDING readable bytes follow the text; without, it is copied.
simdjson::error_code parseJson(QByteArrayView text, bool isPadded, simdjson::dom::element &root);

// As parseJson(), but what a parser of 64-bit numbers and of UTF-8 cannot hold, though RFC 8259 allows
// it, is replaced by something of the same length: numbers out of range by -1e0 or 1e18 with zeros
// in between, halves of surrogate pairs by \ufffd. Everything keeps its place.
// `repaired` receives the text that was parsed, if anything was replaced.
simdjson::error_code parseJsonLeniently(QByteArrayView text,
                                        bool isPadded,
                                        simdjson::dom::element &root,
                                        QByteArray *repaired = nullptr);

// As parseJsonLeniently() of a text that is not padded, for what providers send: bytes that are no UTF-8
// are read as question marks.
simdjson::error_code parseAnswer(QByteArrayView text, simdjson::dom::element &root);

inline QByteArrayView bytes(std::string_view text)
{
    return {text.data(), static_cast<qsizetype>(text.size())};
}

inline std::string_view textOf(QByteArrayView bytes)
{
    return {bytes.data(), static_cast<size_t>(bytes.size())};
}

// The member of an object; none if it is absent, null, or `from` is no object.
std::optional<simdjson::dom::element> memberOf(simdjson::dom::element from, std::string_view name);
std::optional<simdjson::dom::element> memberOf(std::optional<simdjson::dom::element> from,
                                               std::string_view name);
// The same, if it is a text; otherwise empty.
std::string_view stringOf(simdjson::dom::element from, std::string_view name);
// The member, if it is an array.
std::optional<simdjson::dom::array> arrayOf(simdjson::dom::element from, std::string_view name);

// The members of an object that is asked for many names, most of which it does not have. They are
// listed once; an object with more members than usual is asked for each.
class ObjectMembers
{
public:
    explicit ObjectMembers(std::optional<simdjson::dom::element> from);

    // As memberOf(), stringOf() and arrayOf().
    std::optional<simdjson::dom::element> find(std::string_view name) const;
    std::string_view text(std::string_view name) const;
    std::optional<simdjson::dom::array> array(std::string_view name) const;

private:
    std::optional<simdjson::dom::element> m_from;
    std::array<std::pair<std::string_view, simdjson::dom::element>, 16> m_entries{};
    size_t m_count = 0;
    bool m_isWhole = true;
};

} // namespace gatehouse::protocol
