#pragma once

#include "base/result.h"

#include <QByteArray>
#include <QRegularExpression>
#include <QString>
#include <QStringList>

#include <vector>

namespace gatehouse::base {

// What people want masked beside secrets: one rule a line, either words, which are found in any case,
// or a regular expression between slashes: /[A-Z]{2}\d{6}/. Lines of texts are looked at in windows that
// overlap, and a match is given up after a number of steps, so that no expression stalls: where one is
// given up, the window is masked as a whole. Immutable once made; fit for every thread.
class MaskRules
{
public:
    static constexpr qsizetype mostRules = 100;
    static constexpr qsizetype longestMatch =
        256; // that is found wherever it stands in a long line

    MaskRules() = default;
    // Refuses what is no regular expression, and too many of them, naming the line.
    static Result<MaskRules> from(const QString &text);

    bool isEmpty() const { return m_words.isEmpty() && m_expressions.empty(); }
    const QStringList &words() const { return m_words; }

    // With *** in each place that a rule is about.
    QString masked(const QString &text) const;
    // The same by asterisks in a text of UTF-8, which keeps its length.
    void mask(QByteArray &text) const;

private:
    struct Span
    {
        qsizetype from = 0;
        qsizetype end = 0;
    };

    static std::vector<Span> joined(std::vector<Span> spans);
    // In their order, apart from each other, and of whole characters.
    std::vector<Span> spansIn(const QString &window) const;

    QStringList m_words{};
    std::vector<QRegularExpression> m_expressions{};
};

} // namespace gatehouse::base
