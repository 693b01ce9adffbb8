#pragma once

#include "admin/flow.h"

namespace gatehouse::admin {

// Whether it went well, without what came. That is left in `kept`, if it is given, such as for taking a
// change back.
template<typename T>
Answer<> outcomeOf(Answer<T> answer, std::shared_ptr<T> kept = {})
{
    return answer.then([kept](base::Result<T> result) -> base::Result<> {
        if (!result)
            return base::fail(std::move(result.error()));
        if (kept)
            *kept = std::move(*result);
        return {};
    });
}

} // namespace gatehouse::admin
