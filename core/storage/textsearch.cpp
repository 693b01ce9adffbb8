#include "storage/textsearch.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <cstring>
#include <memory>

#include <sqlite3.h>

namespace gatehouse::storage::textsearch {

namespace {

std::atomic<bool> installed = false;

constexpr std::array<char, 256> lowerCase = [] {
    std::array<char, 256> all{};
    for (int byte = 0; byte < 256; ++byte)
        all[size_t(byte)] = static_cast<char>(byte >= 'A' && byte <= 'Z' ? byte + 'a' - 'A' : byte);
    return all;
}();

char lowered(char byte)
{
    return lowerCase[static_cast<unsigned char>(byte)];
}

bool isLetter(char lower)
{
    return lower >= 'a' && lower <= 'z';
}

// How seldom a byte is in the ledger's texts, many of which are numbers and sums written in digits.
size_t rarity(char lower)
{
    constexpr std::string_view byCommonness = "0123456789abcdef-tonsriulmgkpvqhwxyjz";
    return byCommonness.find(lower); // the largest of all, if it is none of these
}

// The same byte eight times.
constexpr uint64_t eightTimes(unsigned char byte)
{
    return uint64_t{0x0101010101010101} * byte;
}

// Not zero where one of the eight bytes is zero, at that byte.
uint64_t zeroBytes(uint64_t bytes)
{
    constexpr uint64_t low = eightTimes(0x7f);
    return ~(((bytes & low) + low) | bytes | low);
}

uint64_t eightBytes(const char *from)
{
    uint64_t bytes = 0;
    std::memcpy(&bytes, from, sizeof bytes);
    return bytes;
}

// What is looked for: made ready once a statement.
const Part *partOf(sqlite3_context *context, sqlite3_value *value)
{
    if (const void *known = sqlite3_get_auxdata(context, 0))
        return static_cast<const Part *>(known);
    const auto *bytes = reinterpret_cast<const char *>(sqlite3_value_text(value));
    if (!bytes)
        return nullptr;
    auto part = std::make_unique<Part>(
        std::string_view(bytes, static_cast<size_t>(sqlite3_value_bytes(value))));
    const auto forget = [](void *known) { delete static_cast<Part *>(known); };
    // SQLite may forget it at once, and then says so.
    sqlite3_set_auxdata(context, 0, part.release(), forget);
    return static_cast<const Part *>(sqlite3_get_auxdata(context, 0));
}

void anyHolds(sqlite3_context *context, int count, sqlite3_value **values)
{
    if (count < 1 || sqlite3_value_type(values[0]) == SQLITE_NULL)
        return sqlite3_result_int(context, 0);
    const Part *part = partOf(context, values[0]);
    if (!part)
        return sqlite3_result_error_nomem(context);
    const bool found = std::any_of(values + 1, values + count, [part](sqlite3_value *value) {
        const auto *bytes = reinterpret_cast<const char *>(sqlite3_value_text(value));
        return bytes // else it is NULL
               && part->isIn({bytes, static_cast<size_t>(sqlite3_value_bytes(value))});
    });
    sqlite3_result_int(context, found ? 1 : 0);
}

} // namespace

Part::Part(std::string_view text)
    : m_text(text)
{
    std::transform(m_text.begin(), m_text.end(), m_text.begin(), lowered);
    if (m_text.empty())
        return;
    const auto byteAt = [this](size_t at) -> Byte {
        const char byte = m_text[at];
        return {.at = at, .value = byte, .fold = static_cast<char>(isLetter(byte) ? 0x20 : 0)};
    };
    const auto isRarer = [this](size_t one, size_t other) {
        return rarity(m_text[one]) > rarity(m_text[other]);
    };
    size_t rarest = 0;
    for (size_t at = 1; at < m_text.size(); ++at) {
        if (isRarer(at, rarest))
            rarest = at;
    }
    size_t second = rarest == 0 ? m_text.size() - 1 : 0;
    for (size_t at = 0; at < m_text.size(); ++at) {
        if (at != rarest && isRarer(at, second))
            second = at;
    }
    m_rarest = byteAt(rarest);
    m_second = byteAt(second);
}

bool Part::isIn(std::string_view text) const
{
    if (m_text.size() > text.size())
        return false;
    if (m_text.empty())
        return true;
    const size_t places = text.size() - m_text.size() + 1;
    constexpr size_t atOnce = 8;
    if (places < atOnce) {
        for (size_t at = 0; at < places; ++at) {
            if (mayBeAt(text.data() + at) && isAt(text.data() + at))
                return true;
        }
        return false;
    }
    for (size_t at = 0; at < places; at += atOnce) {
        // The last eight places may have been looked at in part.
        const char *from = text.data() + std::min(at, places - atOnce);
        if (!mayBeAtOneOfEight(from))
            continue;
        for (size_t i = 0; i < atOnce; ++i) {
            if (isAt(from + i))
                return true;
        }
    }
    return false;
}

// A letter's cases differ in one bit, which no other byte has the letter's other bits beside.
bool Part::mayBeAt(const char *place) const
{
    return (place[m_rarest.at] | m_rarest.fold) == m_rarest.value
           && (place[m_second.at] | m_second.fold) == m_second.value;
}

bool Part::mayBeAtOneOfEight(const char *places) const
{
    const auto equal = [places](const Byte &byte) {
        const uint64_t folded =
            eightBytes(places + byte.at) | eightTimes(static_cast<unsigned char>(byte.fold));
        return zeroBytes(folded ^ eightTimes(static_cast<unsigned char>(byte.value)));
    };
    return (equal(m_rarest) & equal(m_second)) != 0;
}

bool Part::isAt(const char *place) const
{
    return std::equal(m_text.begin(), m_text.end(), place, [](char one, char other) {
        return one == lowered(other);
    });
}

void install(sqlite3 *connection)
{
    const int made = sqlite3_create_function_v2(connection,
                                                "any_holds",
                                                -1,
                                                SQLITE_UTF8 | SQLITE_DETERMINISTIC,
                                                nullptr,
                                                anyHolds,
                                                nullptr,
                                                nullptr,
                                                nullptr);
    if (made == SQLITE_OK)
        installed = true;
}

bool isInstalled()
{
    return installed;
}

} // namespace gatehouse::storage::textsearch
