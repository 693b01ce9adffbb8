#pragma once

#include <QtGlobal>

#include <optional>

namespace gatehouse::admin {

// What this process takes of the machine, as far as the system tells.
struct ProcessFigures
{
    std::optional<double> cpuSeconds{};
    std::optional<quint64> residentBytes{};
    std::optional<quint64> openFiles{};
    std::optional<quint64> mostFiles{};
};

// Takes some ten microseconds, and a little for each open file.
ProcessFigures processFigures();

} // namespace gatehouse::admin
