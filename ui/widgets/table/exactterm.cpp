#include "widgets/table/exactterm.h"

#include "domain/filterquery.h"

namespace gatehouse::ui {

QString exactTerm(const QString &key, QString value, bool excluded)
{
    value.replace(u',', u'?').replace(u'"', u'?');
    return domain::filterText({{{.key = key, .value = value, .excluded = excluded}}});
}

} // namespace gatehouse::ui
