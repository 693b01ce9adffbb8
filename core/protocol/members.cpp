#include "protocol/members.h"

#include <memory>

namespace gatehouse::protocol {

simdjson::ondemand::parser &placeParser()
{
    // A parser keeps its memory for the next text; that of a large one is given back.
    constexpr size_t largestKept = 1024 * 1024;
    thread_local std::unique_ptr<simdjson::ondemand::parser> parser;
    if (!parser || parser->capacity() > largestKept)
        parser = std::make_unique<simdjson::ondemand::parser>();
    return *parser;
}

} // namespace gatehouse::protocol
