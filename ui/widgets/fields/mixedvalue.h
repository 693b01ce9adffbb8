#pragma once

#include <QList>
#include <QString>

#include <algorithm>
#include <optional>

class QLineEdit;

namespace gatehouse::ui {

// What several things are like that are edited at once, and what was typed for all of them.

// "— (mixed)": what a field shows where they differ.
QString mixedText();

// The value that all of them have; absent: they differ, or there is none.
template<typename Value, typename Item, typename ValueOf>
std::optional<Value> commonValue(const QList<Item> &items, ValueOf valueOf)
{
    if (items.isEmpty())
        return std::nullopt;
    const Value first = valueOf(items.front());
    const bool same = std::all_of(
        items.begin(), items.end(), [&](const Item &item) { return valueOf(item) == first; });
    return same ? std::optional<Value>(first) : std::nullopt;
}

// What was typed, unless it is what was shown; then each of them keeps its own.
template<typename Value>
std::optional<Value> ifTouched(std::optional<qint64> typed, std::optional<Value> shown)
{
    if (!typed || shown == static_cast<Value>(*typed))
        return std::nullopt;
    return static_cast<Value>(*typed);
}

// Absent: it is no number, or not one of that range.
std::optional<qint64> wholeNumber(const QLineEdit *field, qint64 least, qint64 most);
void showNumber(QLineEdit *field, std::optional<qint64> number);
// Empty: it can be taken, also since nothing was typed.
QString rangeProblem(const QLineEdit *field, qint64 least, qint64 most);

} // namespace gatehouse::ui
