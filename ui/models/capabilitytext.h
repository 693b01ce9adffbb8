#pragma once

#include "domain/modelcapabilities.h"

#include <QCoreApplication>
#include <QStringList>

namespace gatehouse::ui {

// What a model can do, in words as short as a chip: what it is for, if that is not chat, then its
// abilities, those first that are asked for most.
class CapabilityText
{
    Q_DECLARE_TR_FUNCTIONS(gatehouse::ui::CapabilityText)

public:
    static QStringList words(const domain::ModelCapabilities &capabilities);
    // As they are in English, which a filter always understands.
    static QStringList englishWords(const domain::ModelCapabilities &capabilities);
    // A sentence for each of these words.
    static QStringList explanations(const domain::ModelCapabilities &capabilities);
};

} // namespace gatehouse::ui
