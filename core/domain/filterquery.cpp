#include "domain/filterquery.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

using namespace Qt::StringLiterals;

namespace gatehouse::domain {

namespace {

// Reads one text from left to right.
class Reader
{
public:
    explicit Reader(const QString &text)
        : m_text(text)
    {}

    bool atEnd() const { return m_at >= m_text.size(); }
    qsizetype position() const { return m_at; }
    void skipSpaces()
    {
        while (!atEnd() && m_text.at(m_at).isSpace())
            ++m_at;
    }
    bool take(QChar wanted)
    {
        if (atEnd() || m_text.at(m_at) != wanted)
            return false;
        ++m_at;
        return true;
    }
    // The name before a colon, if there is one here.
    QString takeKey()
    {
        qsizetype end = m_at;
        while (end < m_text.size() && (m_text.at(end).isLetter() || m_text.at(end) == u'_'))
            ++end;
        if (end == m_at || end == m_text.size() || m_text.at(end) != u':')
            return {};
        const QString key = m_text.mid(m_at, end - m_at).toLower();
        m_at = end + 1;
        return key;
    }
    void goTo(qsizetype position) { m_at = position; }
    // Up to the next space outside quotes; the quotes are left out. `whole`: one pair of them is
    // around all of it.
    QString takeValue(bool *whole)
    {
        const qsizetype start = m_at;
        QString value;
        bool quoted = false;
        for (; !atEnd(); ++m_at) {
            const QChar next = m_text.at(m_at);
            if (next == u'"')
                quoted = !quoted;
            else if (next.isSpace() && !quoted)
                break;
            else
                value += next;
        }
        *whole = !value.isEmpty() && m_at - start == value.size() + 2 && m_text.at(start) == u'"'
                 && m_text.at(m_at - 1) == u'"';
        return value;
    }

private:
    const QString &m_text;
    qsizetype m_at = 0;
};

FilterTerm::Comparison takeComparison(Reader &reader)
{
    using enum FilterTerm::Comparison;
    if (reader.take(u'>'))
        return reader.take(u'=') ? GreaterOrEqual : Greater;
    if (reader.take(u'<'))
        return reader.take(u'=') ? LessOrEqual : Less;
    return Is;
}

QString comparisonText(FilterTerm::Comparison comparison)
{
    switch (comparison) {
    case FilterTerm::Comparison::Is:
        return {};
    case FilterTerm::Comparison::Less:
        return u"<"_s;
    case FilterTerm::Comparison::LessOrEqual:
        return u"<="_s;
    case FilterTerm::Comparison::Greater:
        return u">"_s;
    case FilterTerm::Comparison::GreaterOrEqual:
        return u">="_s;
    }
    return {};
}

bool matchesFrom(QStringView text, QStringView pattern)
{
    qsizetype at = 0;
    qsizetype next = 0;
    qsizetype star = -1;
    qsizetype retry = 0;
    while (at < text.size()) {
        if (next < pattern.size() && pattern.at(next) == u'*') {
            star = next++;
            retry = at;
        } else if (next < pattern.size()
                   && (pattern.at(next) == u'?' || pattern.at(next) == text.at(at))) {
            ++at;
            ++next;
        } else if (star >= 0) {
            next = star + 1;
            at = ++retry;
        } else {
            return false;
        }
    }
    while (next < pattern.size() && pattern.at(next) == u'*')
        ++next;
    return next == pattern.size();
}

} // namespace

FilterQuery filterQueryFrom(const QString &text, const QStringList &keys)
{
    FilterQuery query;
    Reader reader(text);
    for (reader.skipSpaces(); !reader.atEnd(); reader.skipSpaces()) {
        FilterTerm term{.position = reader.position()};
        term.excluded = reader.take(u'-');
        const qsizetype start = reader.position();
        term.key = reader.takeKey();
        if (!term.key.isEmpty() && !keys.isEmpty() && !keys.contains(term.key)) {
            term.key.clear();
            reader.goTo(start);
        }
        if (!term.key.isEmpty())
            term.comparison = takeComparison(reader);
        bool whole = false;
        term.value = reader.takeValue(&whole);
        term.whole = whole && !term.key.isEmpty();
        term.length = reader.position() - term.position;
        query.terms.append(term);
    }
    return query;
}

QString filterText(const FilterQuery &query)
{
    QStringList texts;
    for (const FilterTerm &term : query.terms) {
        QString value = term.value;
        const bool hasSpace = std::any_of(
            value.cbegin(), value.cend(), [](QChar character) { return character.isSpace(); });
        const bool isFree = term.key.isEmpty();
        const bool readsAsMore = isFree ? value.contains(u':') || value.startsWith(u'-')
                                        : term.comparison == FilterTerm::Comparison::Is
                                              && (value.startsWith(u'<') || value.startsWith(u'>'));
        const bool needsQuotes = hasSpace || readsAsMore || (term.whole && !isFree);
        if (needsQuotes)
            value = u"\"%1\""_s.arg(value);
        const QString key =
            term.key.isEmpty() ? QString() : term.key + u":"_s + comparisonText(term.comparison);
        texts.append((term.excluded ? u"-"_s : QString()) + key + value);
    }
    return texts.join(u' ');
}

QString exactTerm(const QString &key, QString value, bool excluded)
{
    value.replace(u',', u'?').replace(u'"', u'?');
    return filterText({{{.key = key, .value = value, .excluded = excluded}}});
}

QString wholeTerm(const QString &key, QString value)
{
    value.replace(u',', u'?').replace(u'"', u'?');
    return filterText({{{.key = key, .value = value, .whole = true}}});
}

QStringList alternatives(const FilterTerm &term)
{
    return term.value.split(u',', Qt::SkipEmptyParts);
}

bool matchesPattern(const QString &text, const QString &pattern, bool whole)
{
    const bool hasWildcards = pattern.contains(u'*') || pattern.contains(u'?');
    if (!hasWildcards && whole)
        return text.compare(pattern, Qt::CaseInsensitive) == 0;
    if (!hasWildcards)
        return text.contains(pattern, Qt::CaseInsensitive);
    return matchesFrom(text.toLower(), pattern.toLower());
}

std::optional<double> filterNumber(const QString &text)
{
    static const std::array<std::pair<QString, double>, 8> units{{{u"ms"_s, 1},
                                                                  {u"s"_s, 1000},
                                                                  {u"min"_s, 60'000},
                                                                  {u"h"_s, 3'600'000},
                                                                  {u"d"_s, 86'400'000},
                                                                  {u"k"_s, 1000},
                                                                  {u"m"_s, 1'000'000},
                                                                  {u"$"_s, 1}}};
    QString number = text.trimmed().toLower();
    if (number.startsWith(u'$'))
        number.remove(0, 1);
    double factor = 1;
    for (const auto &[unit, value] : units) {
        if (!number.endsWith(unit))
            continue;
        factor = value;
        number.chop(unit.size());
        break;
    }
    bool valid = false;
    const double parsed = number.toDouble(&valid);
    if (!valid)
        return std::nullopt;
    return parsed * factor;
}

} // namespace gatehouse::domain
