#include "widgets/naturalorder.h"

#include <algorithm>

namespace gatehouse::ui {

QCollator naturalOrder()
{
    // The C locale knows no numbers in names.
    const QLocale locale;
    QCollator collator(locale.language() == QLocale::C ? QLocale(QLocale::English) : locale);
    collator.setNumericMode(true);
    collator.setCaseSensitivity(Qt::CaseInsensitive);
    return collator;
}

void sortNaturally(QStringList &names)
{
    std::stable_sort(names.begin(), names.end(), naturalOrder());
}

} // namespace gatehouse::ui
