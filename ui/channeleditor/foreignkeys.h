#pragma once

#include "base/secret.h"

#include <QList>
#include <QStringList>

namespace gatehouse::ui {

// Keys that came along with those of a channel's own provider.
struct SortedKeys
{
    QList<base::Secret> own{};
    QList<base::Secret> foreign{}; // certainly made by other providers
};

SortedKeys sortKeys(const QList<base::Secret> &keys, int type);
// Which keys were kept out of a channel of that type, and why; empty for none.
QString leftOutText(const QList<base::Secret> &foreign, int type);
// What is wrong with the keys of a channel of that type, as far as their forms tell. At another
// address than the provider's own, which may be a relay that takes many, only a mixture is odd.
QStringList keyCautions(const QList<base::Secret> &keys, int type, bool isAtProvider);

} // namespace gatehouse::ui
