#pragma once

#include "base/result.h"

#include <QHash>
#include <QStringList>

#include <optional>
#include <vector>

namespace gatehouse::app {

// An option of a command, beside those that every command takes.
struct OptionRule
{
    QString name{};  // with its dashes
    QString value{}; // what its value stands for in --help; empty: it takes none
    QString help{};
    bool isRepeatable = false;
    QString shortName{}; // another name: "-n"

    bool takesValue() const { return !value.isEmpty(); }
};

// How many operands a command takes, and how it is written: "gatehouse restore FILE".
struct OperandRule
{
    qsizetype fewest = 0;
    qsizetype most = 0;
    QString usage{};
};

// The words behind a command, told apart into options and operands: `--name`, `--name VALUE`,
// `--name=VALUE`, and `--`, behind which there are operands alone.
class Arguments
{
public:
    // Refuses options without a rule, values that are given twice, are missing or have no place. No
    // message repeats a value, which may be a secret.
    static base::Result<Arguments> from(const QStringList &words,
                                        const std::vector<OptionRule> &rules);
    // The same, and refuses less or more operands than are wanted.
    static base::Result<Arguments> from(const QStringList &words,
                                        const std::vector<OptionRule> &rules,
                                        const OperandRule &operands);

    const QStringList &operands() const { return m_operands; }
    bool has(const QString &option) const { return m_values.contains(option); }
    // Of an option that takes one.
    std::optional<QString> value(const QString &option) const;
    // The same, as a whole number from 1 to `most`.
    base::Result<std::optional<int>> number(const QString &option, int most) const;
    QStringList values(const QString &option) const { return m_values.value(option); }

private:
    base::Result<>
    takeOption(const QStringList &words, qsizetype &index, const std::vector<OptionRule> &rules);

    QStringList m_operands{};
    QHash<QString, QStringList> m_values{}; // one empty text for an option without a value
};

inline const QString jsonOption = QStringLiteral("--json");
OptionRule jsonRule(const QString &help = {});

// Two columns of --help: `left`, and what it means behind it or, where it is long, below it.
QString helpEntry(const QString &left, const QString &meaning);
QString helpEntry(const OptionRule &rule);

} // namespace gatehouse::app
