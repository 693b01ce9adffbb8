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

    bool takesValue() const { return !value.isEmpty(); }
};

// The words behind a command, told apart into options and operands: `--name`, `--name VALUE`,
// `--name=VALUE`, and `--`, behind which there are operands alone.
class Arguments
{
public:
    // Refuses options without a rule, those that are given twice, and values that are missing or have
    // no place. No message repeats a value, which may be a secret.
    static base::Result<Arguments> from(const QStringList &words,
                                        const std::vector<OptionRule> &rules);

    const QStringList &operands() const { return m_operands; }
    bool has(const QString &option) const { return m_values.contains(option); }
    // Of an option that takes one.
    std::optional<QString> value(const QString &option) const;
    QStringList values(const QString &option) const { return m_values.value(option); }

private:
    base::Result<>
    takeOption(const QStringList &words, qsizetype &index, const std::vector<OptionRule> &rules);

    QStringList m_operands{};
    QHash<QString, QStringList> m_values{}; // one empty text for an option without a value
};

// Two columns of --help: `left`, and what it means behind it or, where it is long, below it.
QString helpEntry(const QString &left, const QString &meaning);
QString helpEntry(const OptionRule &rule);

} // namespace gatehouse::app
