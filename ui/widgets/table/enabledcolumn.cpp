#include "widgets/table/enabledcolumn.h"

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

QString EnabledTexts::title()
{
    return tr("Enabled");
}

QString EnabledTexts::meaning(bool enabled)
{
    return enabled ? tr("Enabled") : tr("Disabled");
}

QStringList EnabledTexts::words(bool enabled)
{
    return enabled ? inBothLanguages(tr("yes"), u"yes"_s) : inBothLanguages(tr("no"), u"no"_s);
}

} // namespace gatehouse::ui
