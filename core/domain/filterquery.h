#pragma once

#include <QList>
#include <QString>
#include <QStringList>

#include <optional>

namespace gatehouse::domain {

// One term of a filter, as a person wrote it: `status:error`, `cost:>0.01`, `-model:gpt*`,
// `token:"alice laptop"`, or a word of free text.
struct FilterTerm
{
    enum class Comparison { Is, Less, LessOrEqual, Greater, GreaterOrEqual };

    QString key{}; // in lower case; empty: free text
    Comparison comparison = Comparison::Is;
    QString value{};        // without quotes
    bool excluded = false;  // written with a leading "-"
    bool whole = false;     // of a key, in quotes: nothing more may stand beside it
    qsizetype position = 0; // of the whole term in the text
    qsizetype length = 0;

    bool operator==(const FilterTerm &) const = default;
};

// The filter language of all tables: terms separated by spaces, all of which must hold; values of one
// key that are separated by commas are alternatives (see alternatives()). An unfinished quote runs to
// the end.
struct FilterQuery
{
    QList<FilterTerm> terms{};

    bool isEmpty() const { return terms.isEmpty(); }
    bool operator==(const FilterQuery &) const = default;
};

// Understands any text; whether keys and values make sense is for the table to say. A word whose
// part before the colon is not in `keys` (lower case) is free text as a whole, such as a URL; with no
// `keys` every name of letters is taken for a key.
FilterQuery filterQueryFrom(const QString &text, const QStringList &keys = {});
// The text that means `query`.
QString filterText(const FilterQuery &query);
// The text of the term that means exactly this value: for "Filter by this" and doors from elsewhere. A
// comma would separate alternatives and a quotation mark end the value, so any character stands for
// them.
QString exactTerm(const QString &key, QString value, bool excluded = false);
// The same in quotes: for tables in which a value may be part of a text.
QString wholeTerm(const QString &key, QString value);
// The values of a term: "a,b" is two.
QStringList alternatives(const FilterTerm &term);
// True if `text` matches `pattern`, which may hold `*` and `?`; case does not matter. A pattern
// without them must occur somewhere in the text, or be all of it.
bool matchesPattern(const QString &text, const QString &pattern, bool whole = false);

// "0.01", "2s", "340ms", "1.5k" as a number: seconds count 1000, minutes 60000, hours and days
// likewise (milliseconds), "k" and "m" thousands and millions. Absent if it is none.
std::optional<double> filterNumber(const QString &text);

} // namespace gatehouse::domain
