#include "models/hoursmodel.h"

#include <QLocale>
#include <QRegularExpression>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

using base::Result;
using domain::PriceTier;
using domain::PriceWindow;

namespace {

constexpr qsizetype fromColumn = 0;
constexpr qsizetype untilColumn = 1;
constexpr qsizetype inputColumn = 2;
constexpr int minutesOfHour = 60;
constexpr int hoursOfDay = 24;

ColumnTraits timeColumn(const QString &key, std::function<QString()> title)
{
    return {.key = key,
            .title = std::move(title),
            .kind = ColumnKind::Number,
            .width = 60,
            .explanation = [] { return HoursModel::tr("A time of the day in UTC, such as 16:30"); },
            .sortable = false};
}

std::vector<ColumnTraits> hoursConditions(ColumnTraits above)
{
    std::vector<ColumnTraits> columns;
    columns.push_back(timeColumn(u"from"_s, [] { return HoursModel::tr("From"); }));
    columns.push_back(timeColumn(u"until"_s, [] { return HoursModel::tr("Until"); }));
    above.explanation = [] {
        return HoursModel::tr("Tokens of input, such as 200,000 or 200k; nothing: any input");
    };
    columns.push_back(std::move(above));
    return columns;
}

// Stands in hours of which a row for a longer input came first.
constexpr domain::UnitPrice notWritten{-1};

} // namespace

HoursModel::HoursModel(QObject *parent)
    : PartRowsModel(hoursConditions(aboveColumn()), parent)
{}

std::optional<std::chrono::minutes> HoursModel::timeFrom(const QString &typed)
{
    static const QRegularExpression form(u"^([0-9]{1,2})(?::([0-9]{2}))?$"_s);
    const QRegularExpressionMatch match = form.match(typed.trimmed());
    const int hour = match.captured(1).toInt();
    const int minute = match.captured(2).toInt();
    const bool isTime = match.hasMatch() && minute < minutesOfHour
                        && (hour < hoursOfDay || (hour == hoursOfDay && minute == 0));
    if (!isTime)
        return std::nullopt;
    return std::chrono::minutes(hour % hoursOfDay * minutesOfHour + minute);
}

QString HoursModel::textOf(std::chrono::minutes ofDay)
{
    const auto count = static_cast<int>(ofDay.count());
    return u"%1:%2"_s.arg(count / minutesOfHour, 2, 10, QChar(u'0'))
        .arg(count % minutesOfHour, 2, 10, QChar(u'0'));
}

QString HoursModel::textOf(const PriceWindow &window)
{
    return tr("%1 to %2").arg(textOf(window.from), textOf(window.until));
}

void HoursModel::setWindows(const std::vector<PriceWindow> &windows)
{
    QList<QStringList> rows;
    for (const PriceWindow &window : windows) {
        const QStringList hours{textOf(window.from), textOf(window.until)};
        rows.append(hours + QStringList{QString()} + textsOf(window.tokens));
        for (const PriceTier &tier : window.tiers) {
            rows.append(hours + QStringList{QLocale().toString(tier.aboveInputTokens)}
                        + textsOf(tier.tokens));
        }
    }
    setRows(rows);
}

// The row is that of new hours, or of a longer input within some that are there.
Result<> HoursModel::add(const QStringList &row, std::vector<PriceWindow> &windows) const
{
    const auto from = timeFrom(row.at(fromColumn));
    const auto until = timeFrom(row.at(untilColumn));
    if (!from || !until)
        return base::fail(problem(tr("Hours need two times of the day in UTC, such as 16:30.")));
    PriceWindow window{.from = *from, .until = *until, .tokens = {.input = notWritten}};
    if (!window.isSound())
        return base::fail(problem(tr("The hours from %1 end when they begin.").arg(textOf(*from))));
    const bool isOfAnyInput = row.at(inputColumn).isEmpty();
    const auto above = countFrom(row.at(inputColumn));
    if (!isOfAnyInput && !above)
        return base::fail(
            problem(tr("%1: the input is a number of tokens, or nothing.").arg(textOf(window))));
    const Result<domain::TokenPrices> tokens = tokensIn(row, textOf(window));
    if (!tokens)
        return base::fail(tokens.error());

    auto place = std::find_if(windows.begin(), windows.end(), [&](const PriceWindow &other) {
        return other.from == window.from && other.until == window.until;
    });
    if (place == windows.end())
        place = windows.insert(place, window);
    std::vector<PriceTier> &tiers = place->tiers;
    const bool isTwice = isOfAnyInput
                             ? place->tokens.input != notWritten
                             : std::any_of(tiers.begin(), tiers.end(), [&](const auto &tier) {
                                   return tier.aboveInputTokens == *above;
                               });
    if (isTwice)
        return base::fail(problem(tr("%1: there are two rows of the same.").arg(textOf(window))));
    if (isOfAnyInput)
        place->tokens = *tokens;
    else
        tiers.push_back({.aboveInputTokens = *above, .tokens = *tokens});
    return {};
}

Result<std::vector<PriceWindow>> HoursModel::windows() const
{
    std::vector<PriceWindow> windows;
    for (const QStringList &row : writtenRows()) {
        if (const Result<> added = add(row, windows); !added)
            return base::fail(added.error());
    }
    for (auto window = windows.begin(); window != windows.end(); ++window) {
        if (window->tokens.input == notWritten) {
            return base::fail(problem(
                tr("%1: a row without a length of the input is missing.").arg(textOf(*window))));
        }
        const auto other = std::find_if(windows.begin(), window, [&](const PriceWindow &before) {
            return before.overlaps(*window);
        });
        if (other != window) {
            return base::fail(
                problem(tr("%1 and %2 overlap.").arg(textOf(*other), textOf(*window))));
        }
        std::sort(window->tiers.begin(),
                  window->tiers.end(),
                  [](const PriceTier &left, const PriceTier &right) {
                      return left.aboveInputTokens < right.aboveInputTokens;
                  });
    }
    std::sort(
        windows.begin(), windows.end(), [](const PriceWindow &left, const PriceWindow &right) {
            return left.from < right.from;
        });
    return windows;
}

} // namespace gatehouse::ui
