#pragma once

#include "widgets/table/savedfilters.h"

#include <QCoreApplication>

namespace gatehouse::ui {

// The saved filters of the Traffic page. Times are no part of them, since they are chosen apart.
class TrafficFilters
{
    Q_DECLARE_TR_FUNCTIONS(gatehouse::ui::TrafficFilters)

public:
    static SavedFilters::Kind kind();

private:
    // What most people look for.
    static QList<SavedFilter> builtIn();
};

// The terms of a filter without those of time, and those of time alone; in one spelling.
QString filterWithoutTimes(const QString &filter);
QString timesOfFilter(const QString &filter);

} // namespace gatehouse::ui
