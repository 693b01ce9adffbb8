#pragma once

#include "protocol/jsontext.h"
#include "protocol/peek.h"

namespace gatehouse::protocol {

// A member of an object and where it stands in the body.
struct Member
{
    std::string_view name{}; // without escapes
    simdjson::dom::element value{};
    Range key{};  // from its first quote up to the value
    Range text{}; // of the value
};

// Finds where the members of an object stand, one behind the other. It only tells where the pieces of
// a text end that parseJson() has found to be valid.
class MemberPlaces
{
public:
    // `object` begins with the opening brace, or an array with its bracket; what follows the closing
    // one is not looked at.
    MemberPlaces(QByteArrayView body, Range object)
        : m_body(body.first(object.end()))
        , m_at(object.offset + 1)
    {}

    // As in Member. False: there is none left.
    bool next(Range &key, Range &text);
    // The same for the elements of an array.
    bool nextElement(Range &text);

private:
    void skipSpace();
    bool isAt(char byte) const { return m_at < m_body.size() && m_body[m_at] == byte; }
    qsizetype behindString(qsizetype at) const;
    qsizetype behindNested(qsizetype at) const;
    qsizetype behindValue(qsizetype at) const;

    QByteArrayView m_body;
    qsizetype m_at = 0;
};

// Calls `visit` for each member of `object`, which was read by parseJson() and stands at `place` in
// `body`.
template<typename Visitor>
simdjson::error_code
visitMembers(QByteArrayView body, Range place, simdjson::dom::object object, Visitor &&visit)
{
    MemberPlaces places(body, place);
    Member found;
    for (const simdjson::dom::key_value_pair member : object) {
        if (!places.next(found.key, found.text))
            return simdjson::TAPE_ERROR;
        found.name = member.key;
        found.value = member.value;
        visit(std::as_const(found));
    }
    return simdjson::SUCCESS;
}

// The same for each element of `array`: its value, and the Range where it stands.
template<typename Visitor>
simdjson::error_code
visitElements(QByteArrayView body, Range place, simdjson::dom::array array, Visitor &&visit)
{
    MemberPlaces places(body, place);
    Range text;
    for (const simdjson::dom::element value : array) {
        if (!places.nextElement(text))
            return simdjson::TAPE_ERROR;
        visit(value, std::as_const(text));
    }
    return simdjson::SUCCESS;
}

} // namespace gatehouse::protocol
