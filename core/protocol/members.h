#pragma once

#include "protocol/jsontext.h"
#include "protocol/peek.h"

#include <utility>

namespace gatehouse::protocol {

// A member of an object and where it stands in the body.
struct Member
{
    std::string_view name{}; // without escapes
    simdjson::dom::element value{};
    Range key{};  // from its first quote up to the value
    Range text{}; // of the value
};

// The parser that finds the places of members; one for each thread, beside that of parseJson().
simdjson::ondemand::parser &placeParser();

// Calls `visit` for each member of `object`, which was read by parseJson() and stands at `place` in
// `body`; padding follows the body. `visit` must not call this function.
template<typename Visitor>
simdjson::error_code
visitMembers(QByteArrayView body, Range place, simdjson::dom::object object, Visitor &&visit)
{
    namespace ondemand = simdjson::ondemand;

    const auto offsetOf = [body](const char *at) {
        return static_cast<qsizetype>(at - body.data());
    };
    const auto length = static_cast<size_t>(place.length);
    ondemand::document document;
    ondemand::object places;
    if (const auto error =
            placeParser()
                .iterate(body.data() + place.offset, length, length + simdjson::SIMDJSON_PADDING)
                .get(document))
        return error;
    if (const auto error = document.get_object().get(places))
        return error;

    auto member = object.begin();
    for (auto result : places) {
        ondemand::field field;
        if (const auto error = std::move(result).get(field))
            return error;
        ondemand::value value = field.value();
        std::string_view text = value.raw_json_token();
        if (text.front() == '{' || text.front() == '[') {
            const bool isObject = text.front() == '{';
            ondemand::object inner;
            ondemand::array elements;
            const auto error =
                isObject ? value.get_object().get(inner) : value.get_array().get(elements);
            if (error)
                return error;
            const auto skipped =
                isObject ? inner.raw_json().get(text) : elements.raw_json().get(text);
            if (skipped)
                return skipped;
        }
        while (!text.empty() && static_cast<unsigned char>(text.back()) <= ' ')
            text.remove_suffix(1);
        if (member == object.end())
            return simdjson::TAPE_ERROR;
        const qsizetype keyOffset = offsetOf(field.key().raw()) - 1;
        const simdjson::dom::key_value_pair pair = *member;
        visit(Member{.name = pair.key,
                     .value = pair.value,
                     .key = {keyOffset, offsetOf(text.data()) - keyOffset},
                     .text = {offsetOf(text.data()), static_cast<qsizetype>(text.size())}});
        ++member;
    }
    return simdjson::SUCCESS;
}

} // namespace gatehouse::protocol
