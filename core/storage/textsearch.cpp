#include "storage/textsearch.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <memory>
#include <string>

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

std::string_view textOf(sqlite3_value *value)
{
    const auto *bytes = reinterpret_cast<const char *>(sqlite3_value_text(value));
    return bytes ? std::string_view(bytes, static_cast<size_t>(sqlite3_value_bytes(value)))
                 : std::string_view();
}

// The part that is looked for, in lower case: made once a statement.
const std::string *partOf(sqlite3_context *context, sqlite3_value *value)
{
    if (const void *known = sqlite3_get_auxdata(context, 0))
        return static_cast<const std::string *>(known);
    auto part = std::make_unique<std::string>(textOf(value));
    std::transform(part->begin(), part->end(), part->begin(), lowered);
    const auto forget = [](void *known) { delete static_cast<std::string *>(known); };
    // SQLite may forget it at once, and then says so.
    sqlite3_set_auxdata(context, 0, part.release(), forget);
    return static_cast<const std::string *>(sqlite3_get_auxdata(context, 0));
}

void anyHolds(sqlite3_context *context, int count, sqlite3_value **values)
{
    if (count < 1 || sqlite3_value_type(values[0]) == SQLITE_NULL)
        return sqlite3_result_int(context, 0);
    const std::string *part = partOf(context, values[0]);
    if (!part)
        return sqlite3_result_error_nomem(context);
    const bool found = std::any_of(values + 1, values + count, [&](sqlite3_value *value) {
        return sqlite3_value_type(value) != SQLITE_NULL && holds(textOf(value), *part);
    });
    sqlite3_result_int(context, found ? 1 : 0);
}

} // namespace

bool holds(std::string_view text, std::string_view part)
{
    if (part.empty())
        return true;
    if (part.size() > text.size())
        return false;
    const char first = part.front();
    const std::string_view rest = part.substr(1);
    const size_t last = text.size() - part.size();
    for (size_t at = 0; at <= last; ++at) {
        if (lowered(text[at]) == first
            && std::equal(
                rest.begin(), rest.end(), text.begin() + at + 1, [](char one, char other) {
                    return one == lowered(other);
                }))
            return true;
    }
    return false;
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
