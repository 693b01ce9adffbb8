#include "frame/fuzzymatch.h"

#include <algorithm>
#include <limits>
#include <vector>

namespace gatehouse::ui {

namespace {

// Han and the like write no words apart: each of their letters may begin one.
bool isUncased(QChar character)
{
    return character.isLetter() && !character.isUpper() && !character.isLower();
}

bool beginsWord(const QString &text, qsizetype at)
{
    if (at == 0)
        return true;
    const QChar before = text.at(at - 1);
    const QChar here = text.at(at);
    return !before.isLetterOrNumber() || isUncased(here) || (here.isUpper() && before.isLower())
           || here.isDigit() != before.isDigit();
}

} // namespace

// Letter for letter: the best score with which those typed so far end at each place of the text. A
// letter goes on where the one before it ended, or begins a word further on.
std::optional<int> fuzzyScore(const QString &text, const QString &typed)
{
    constexpr int wordBonus = 8;
    constexpr int runBonus = 5;
    constexpr int farthest = 3;
    constexpr int none = std::numeric_limits<int>::min();
    const auto size = static_cast<size_t>(text.size());
    std::vector<int> scores;
    for (const QChar wanted : typed) {
        if (wanted.isSpace())
            continue;
        std::vector<int> next(size, none);
        int best = scores.empty() ? 0 : none; // of those that end before the place
        for (size_t at = 0; at < size; ++at) {
            const auto place = static_cast<qsizetype>(at);
            const int run = at > 0 && !scores.empty() ? scores[at - 1] : none;
            if (text.at(place).toCaseFolded() == wanted.toCaseFolded()) {
                const int bonus = beginsWord(text, place) ? wordBonus : 0;
                const int skipped =
                    scores.empty() ? qMin(static_cast<int>(place), farthest) : farthest;
                if (bonus > 0 && best != none)
                    next[at] = best + bonus - skipped;
                if (run != none)
                    next[at] = qMax(next[at], run + bonus + runBonus - 1);
            }
            if (!scores.empty())
                best = qMax(best, scores[at]);
        }
        scores = std::move(next);
        if (std::all_of(scores.cbegin(), scores.cend(), [](int score) { return score == none; }))
            return std::nullopt;
    }
    if (scores.empty())
        return 0;
    return *std::max_element(scores.cbegin(), scores.cend()) - qMin(static_cast<int>(size), 60) / 8;
}

} // namespace gatehouse::ui
