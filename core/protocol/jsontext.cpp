#include "protocol/jsontext.h"

#include "base/decimal.h"

#include <algorithm>
#include <memory>

namespace gatehouse::protocol {

namespace {

using simdjson::dom::element;

// A parser keeps its memory for the next text; that of a large one is given back.
constexpr size_t largestKept = 1024 * 1024;

struct Parser
{
    simdjson::dom::parser dom{};
    QByteArray padded{};
};

Parser &threadParser()
{
    thread_local std::unique_ptr<Parser> parser;
    if (parser
        && (parser->dom.capacity() > largestKept
            || static_cast<size_t>(parser->padded.capacity()) > largestKept)) {
        parser.reset();
    }
    if (!parser) {
        parser = std::make_unique<Parser>();
        // The parser refuses what reaches the depth that it is given.
        constexpr size_t usualText = 16 * 1024;
        if (parser->dom.allocate(usualText, deepestJson + 1))
            parser.reset();
    }
    Q_CHECK_PTR(parser.get());
    return *parser;
}

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

bool isNumberPart(char c)
{
    return isDigit(c) || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E';
}

// RFC 8259, section 6.
bool isJsonNumber(std::string_view text)
{
    size_t at = 0;
    const auto digits = [&] {
        const size_t begin = at;
        while (at < text.size() && isDigit(text[at]))
            ++at;
        return at - begin;
    };
    if (at < text.size() && text[at] == '-')
        ++at;
    const bool leadingZero = at < text.size() && text[at] == '0';
    const size_t whole = digits();
    if (whole == 0 || (leadingZero && whole > 1))
        return false;
    if (at < text.size() && text[at] == '.') {
        ++at;
        if (digits() == 0)
            return false;
    }
    if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
        ++at;
        if (at < text.size() && (text[at] == '+' || text[at] == '-'))
            ++at;
        if (digits() == 0)
            return false;
    }
    return at == text.size();
}

// Writes mantissa and exponent over a number, with as many zeros between them as its length needs.
void overwriteNumber(QByteArray &text,
                     qsizetype at,
                     qsizetype length,
                     QByteArrayView mantissa,
                     QByteArrayView exponent)
{
    if (mantissa.size() + exponent.size() > length)
        return;
    std::fill_n(text.data() + at, length, '0');
    std::copy(mantissa.begin(), mantissa.end(), text.data() + at);
    std::copy(exponent.begin(), exponent.end(), text.data() + at + length - exponent.size());
}

void repairNumber(QByteArray &text, qsizetype at, qsizetype length)
{
    const std::string_view number(text.constData() + at, static_cast<size_t>(length));
    if (!isJsonNumber(number))
        return;
    const bool isWhole = number.find_first_of(".eE") == std::string_view::npos;
    constexpr qsizetype digitsThatFit = 18;
    if (!isWhole && !base::decimalOf({text.constData() + at, length})) {
        // Too large or too near to zero.
        const bool isTiny = number.find("e-") != std::string_view::npos
                            || number.find("E-") != std::string_view::npos;
        overwriteNumber(text, at, length, isTiny ? "0e" : "-1e", "0");
    } else if (isWhole && length > digitsThatFit) {
        if (number.front() == '-')
            overwriteNumber(text, at, length, "-1e", "0");
        else
            overwriteNumber(text, at, length, "1e", "18");
    }
}

int hexValue(char c)
{
    if (isDigit(c))
        return c - '0';
    const char lower = static_cast<char>(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

// The code unit of an escape \uXXXX at `at`; -1: there is none.
int codeUnit(const QByteArray &text, qsizetype at)
{
    if (at + 6 > text.size() || text[at] != '\\' || text[at + 1] != 'u')
        return -1;
    int unit = 0;
    for (qsizetype i = at + 2; i < at + 6; ++i) {
        const int digit = hexValue(text[i]);
        if (digit < 0)
            return -1;
        unit = unit * 16 + digit;
    }
    return unit;
}

// Begins behind the opening quote; returns the place of the closing one, or the end.
qsizetype repairString(QByteArray &text, qsizetype at)
{
    while (at < text.size() && text[at] != '"') {
        if (text[at] != '\\') {
            ++at;
            continue;
        }
        const int unit = codeUnit(text, at);
        if (unit < 0) {
            at += 2;
            continue;
        }
        const bool isHigh = unit >= 0xD800 && unit < 0xDC00;
        const int next = isHigh ? codeUnit(text, at + 6) : -1;
        if (isHigh && next >= 0xDC00 && next < 0xE000) {
            at += 12;
            continue;
        }
        if (unit >= 0xD800 && unit < 0xE000)
            text.replace(at, 6, "\\ufffd");
        at += 6;
    }
    return std::min(at, text.size());
}

QByteArray repairedCopy(QByteArrayView original)
{
    QByteArray text;
    text.reserve(original.size() + static_cast<qsizetype>(simdjson::SIMDJSON_PADDING));
    text.append(original);
    for (qsizetype at = 0; at < text.size(); ++at) {
        if (text[at] == '"') {
            at = repairString(text, at + 1);
        } else if (isDigit(text[at]) || text[at] == '-') {
            const qsizetype begin = at;
            while (at < text.size() && isNumberPart(text[at]))
                ++at;
            repairNumber(text, begin, at - begin);
            --at;
        }
    }
    return text;
}

// How many bytes the character at `at` has; 0: it is none. RFC 3629, section 4.
qsizetype characterLength(QByteArrayView text, qsizetype at)
{
    const auto byteAt = [text](qsizetype place) {
        return place < text.size() ? static_cast<quint8>(text[place]) : quint8(0);
    };
    const quint8 first = byteAt(at);
    if (first < 0x80)
        return 1;
    const bool isLead = first >= 0xC2 && first <= 0xF4;
    if (!isLead)
        return 0;
    const qsizetype length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    // What is too long for its value, a surrogate or beyond Unicode shows in the second byte.
    const quint8 lowest = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
    const quint8 highest = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
    if (byteAt(at + 1) < lowest || byteAt(at + 1) > highest)
        return 0;
    for (qsizetype i = at + 2; i < at + length; ++i) {
        if ((byteAt(i) & 0xC0) != 0x80)
            return 0;
    }
    return length;
}

QByteArray asUtf8(QByteArrayView original)
{
    QByteArray text = original.toByteArray();
    for (qsizetype at = 0; at < text.size();) {
        const qsizetype length = characterLength(text, at);
        if (length == 0)
            text[at] = '?';
        at += std::max<qsizetype>(length, 1);
    }
    return text;
}

simdjson::error_code parsePadded(Parser &parser, const char *data, size_t size, element &root)
{
    return parser.dom.parse(data, size, false).get(root);
}

} // namespace

simdjson::error_code parseJson(QByteArrayView text, bool isPadded, element &root)
{
    Parser &parser = threadParser();
    const auto size = static_cast<size_t>(text.size());
    if (isPadded)
        return parsePadded(parser, text.data(), size, root);
    const auto padding = static_cast<qsizetype>(simdjson::SIMDJSON_PADDING);
    if (parser.padded.size() < text.size() + padding)
        parser.padded.resize(text.size() + padding);
    char *copy = parser.padded.data();
    std::copy(text.begin(), text.end(), copy);
    std::fill_n(copy + size, padding, '\0');
    return parsePadded(parser, copy, size, root);
}

simdjson::error_code
parseJsonLeniently(QByteArrayView text, bool isPadded, element &root, QByteArray *repaired)
{
    const simdjson::error_code error = parseJson(text, isPadded, root);
    if (error != simdjson::NUMBER_ERROR && error != simdjson::STRING_ERROR)
        return error;
    const QByteArray copy = repairedCopy(text);
    if (QByteArrayView(copy) == text)
        return error;
    if (repaired)
        *repaired = copy;
    return parseJson(copy, false, root);
}

simdjson::error_code parseAnswer(QByteArrayView text, element &root)
{
    const simdjson::error_code error = parseJsonLeniently(text, false, root);
    return error == simdjson::UTF8_ERROR ? parseJsonLeniently(asUtf8(text), false, root) : error;
}

std::optional<element> memberOf(element from, std::string_view name)
{
    simdjson::dom::object object;
    element member;
    if (from.get_object().get(object) || object.at_key(name).get(member) || member.is_null())
        return std::nullopt;
    return member;
}

std::optional<element> memberOf(std::optional<element> from, std::string_view name)
{
    return from ? memberOf(*from, name) : std::nullopt;
}

std::string_view stringOf(element from, std::string_view name)
{
    std::string_view text;
    const std::optional<element> member = memberOf(from, name);
    if (!member || member->get_string().get(text))
        return {};
    return text;
}

std::optional<simdjson::dom::array> arrayOf(element from, std::string_view name)
{
    simdjson::dom::array array;
    const std::optional<element> member = memberOf(from, name);
    if (!member || member->get_array().get(array))
        return std::nullopt;
    return array;
}

ObjectMembers::ObjectMembers(std::optional<element> from)
    : m_from(from)
{
    simdjson::dom::object object;
    if (!from || from->get_object().get(object))
        return;
    for (const auto member : object) {
        if (m_count == m_entries.size()) {
            m_isWhole = false;
            return;
        }
        m_entries[m_count++] = {member.key, member.value};
    }
}

std::optional<element> ObjectMembers::find(std::string_view name) const
{
    if (!m_isWhole)
        return memberOf(m_from, name);
    for (size_t i = 0; i < m_count; ++i) {
        if (m_entries[i].first == name)
            return m_entries[i].second.is_null() ? std::nullopt
                                                 : std::optional(m_entries[i].second);
    }
    return std::nullopt;
}

std::string_view ObjectMembers::text(std::string_view name) const
{
    std::string_view text;
    const std::optional<element> member = find(name);
    if (!member || member->get_string().get(text))
        return {};
    return text;
}

std::optional<simdjson::dom::array> ObjectMembers::array(std::string_view name) const
{
    simdjson::dom::array array;
    const std::optional<element> member = find(name);
    if (!member || member->get_array().get(array))
        return std::nullopt;
    return array;
}

} // namespace gatehouse::protocol
