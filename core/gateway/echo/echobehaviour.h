#pragma once

#include <QString>

#include <chrono>

namespace gatehouse::gateway {

// How the Echo provider answers, chosen by the name of the model: parts joined by '-', in any order
// and number behind `echo`. Words that are not in the table mean nothing; a name that does not begin
// with `echo` (a mapped model, say) is answered as plain `echo`.
//
// | Part         | Behaviour                                                                     |
// | ------------ | ----------------------------------------------------------------------------- |
// | `echo`       | repeats the last user message; streams a word every 20 ms                     |
// | `fast`       | streams without gaps                                                          |
// | `slow-500ms` | waits so long before the first byte of the answer (also `2s`)                 |
// | `gap-100ms`  | waits so long between the events of a stream                                  |
// | `error-429`  | answers that status (400 to 599) with the dialect's error body; 429 also      |
// |              | carries `Retry-After: 1`                                                      |
// | `cut`        | closes the connection in the middle of the answer                             |
// | `hang`       | never answers                                                                 |
// | `nousage`    | leaves the usage out                                                          |
// | `long-1000`  | answers so many words (at most 20,000), by repeating the message              |
// | `badjson`    | the answer, or a stream's second half, is JSON that breaks off                |
// | `html`       | status 200 with an HTML page                                                  |
// | `empty`      | status 200 with an empty body                                                 |
// | `error200`   | status 200 with the dialect's error body                                      |
// | `tool`       | answers with a call of the first tool offered                                 |
struct EchoBehaviour
{
    static constexpr qint64 mostWords = 20'000;

    std::chrono::milliseconds delay{0};
    std::chrono::milliseconds gap{20};
    int errorStatus = 0; // 0: none
    qint64 words = 0;    // 0: as many as the message has
    bool cut = false;
    bool hang = false;
    bool noUsage = false;
    bool badJson = false;
    bool html = false;
    bool empty = false;
    bool errorWithStatus200 = false;
    bool callTool = false;

    bool operator==(const EchoBehaviour &) const = default;
};

EchoBehaviour echoBehaviour(const QString &model);

} // namespace gatehouse::gateway
