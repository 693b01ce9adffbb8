#pragma once

#include "base/result.h"

#include <QStringList>

#include <optional>

namespace gatehouse::app {

// Takes a command's own options out of its arguments; what is left then are its words. After "--"
// nothing is an option.
class ArgumentReader
{
public:
    explicit ArgumentReader(const QStringList &arguments);

    // Whether it was given, under either name.
    bool takeFlag(const QString &name, const QString &shortName = {});
    // The last of several; absent: it was not given. `--name VALUE` or `--name=VALUE`.
    base::Result<std::optional<QString>> takeValue(const QString &name,
                                                   const QString &shortName = {});
    // The same, as a whole number from 1 to `most`.
    base::Result<std::optional<int>>
    takeNumber(const QString &name, int most, const QString &shortName = {});
    // What is left. Fails on an option that nobody took, and on less or more words than are wanted; then
    // `usage` tells how it is written: "gatehouse restore FILE".
    base::Result<QStringList>
    takeWords(qsizetype least, qsizetype most, const QString &usage) const;

private:
    QStringList m_arguments; // before "--"
    QStringList m_words{};   // after it
};

} // namespace gatehouse::app
