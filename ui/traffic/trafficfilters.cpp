#include "traffic/trafficfilters.h"

#include "domain/filterquery.h"

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

bool isTime(const domain::FilterTerm &term)
{
    return term.key == u"since" || term.key == u"until";
}

QString partOf(const QString &filter, bool times)
{
    domain::FilterQuery query = domain::filterQueryFrom(filter);
    query.terms.removeIf([times](const domain::FilterTerm &term) { return isTime(term) != times; });
    return domain::filterText(query);
}

} // namespace

QString filterWithoutTimes(const QString &filter)
{
    return partOf(filter, false);
}

QString timesOfFilter(const QString &filter)
{
    return partOf(filter, true);
}

SavedFilters::Kind TrafficFilters::kind()
{
    return {.builtIn = &TrafficFilters::builtIn, .spelling = &filterWithoutTimes};
}

QList<SavedFilter> TrafficFilters::builtIn()
{
    return {{u"all"_s, tr("All"), {}},
            {u"errors"_s, tr("Errors"), u"status:error"_s},
            {u"retried"_s, tr("Retried"), u"retried:yes"_s},
            {u"slow"_s, tr("Slow, over 10 s to first token"), u"ttft:>10s"_s},
            {u"bookmarked"_s, tr("Bookmarked"), u"bookmarked:yes"_s}};
}

} // namespace gatehouse::ui
