#pragma once

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

// `part` in lower case.
bool holds(std::string_view text, std::string_view part);

} // namespace textsearch

} // namespace gatehouse::storage
