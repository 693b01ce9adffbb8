#include "frame/fuzzymatch.h"

namespace gatehouse::ui {

namespace {

bool beginsWord(const QString &text, qsizetype at)
{
    return at == 0 || !text.at(at - 1).isLetterOrNumber()
           || (text.at(at).isUpper() && text.at(at - 1).isLower());
}

// The letters taken from `start` on, each where it first occurs.
std::optional<int> scoreFrom(const QString &text, const QString &typed, qsizetype start)
{
    constexpr int wordBonus = 8;
    constexpr int runBonus = 5;
    int score = 0;
    qsizetype previous = -2;
    qsizetype at = start;
    for (const QChar wanted : typed) {
        if (wanted.isSpace())
            continue;
        while (at < text.size() && text.at(at).toCaseFolded() != wanted.toCaseFolded())
            ++at;
        if (at == text.size())
            return std::nullopt;
        if (beginsWord(text, at))
            score += wordBonus;
        if (at == previous + 1)
            score += runBonus;
        score -= static_cast<int>(qMin<qsizetype>(at - qMax<qsizetype>(previous, 0), 3));
        previous = at++;
    }
    return score - static_cast<int>(qMin<qsizetype>(text.size(), 60) / 8);
}

} // namespace

std::optional<int> fuzzyScore(const QString &text, const QString &typed)
{
    if (typed.isEmpty())
        return 0;
    std::optional<int> best;
    for (qsizetype start = 0; start < text.size(); ++start) {
        if (text.at(start).toCaseFolded() != typed.at(0).toCaseFolded())
            continue;
        const std::optional<int> score = scoreFrom(text, typed, start);
        if (score && (!best || *score > *best))
            best = score;
    }
    return best;
}

} // namespace gatehouse::ui
