#pragma once

#include <cstddef>
#include <string>
#include <string_view>

struct sqlite3;

namespace gatehouse::storage {

// Looks for a text in several columns in one call of SQLite's, where LIKE would be called for each:
//
//     any_holds(:part, model, token_name, client)
//
// Letters of ASCII count as equal whatever their case, as with LIKE; NULL holds nothing.
namespace textsearch {

// Makes any_holds() known to a connection.
void install(sqlite3 *connection);
// Whether the connections of this process know it. They all do or none does: it depends on the
// libraries that the program runs with. False until the first one was opened. Any thread.
bool isInstalled();

// A text that is looked for in many others. Two of its bytes, those that are likely to be rare, are
// compared first, at eight places at a time: hardly any place is left to be looked at closely.
class Part
{
public:
    explicit Part(std::string_view text);

    bool isIn(std::string_view text) const;

private:
    struct Byte
    {
        size_t at = 0; // in the part
        char value = 0;
        char fold = 0; // the bit in which a letter's cases differ
    };

    // Whether the two bytes are there; the part would have its beginning at `place`.
    bool mayBeAt(const char *place) const;
    bool mayBeAtOneOfEight(const char *places) const;
    bool isAt(const char *place) const;

    std::string m_text; // in lower case
    Byte m_rarest{};
    Byte m_second{};
};

} // namespace textsearch

} // namespace gatehouse::storage
