#pragma once

#include "widgets/table/tablemodel.h"

#include <QCoreApplication>

namespace gatehouse::ui {

// The words of enabledColumn().
struct EnabledTexts
{
    Q_DECLARE_TR_FUNCTIONS(gatehouse::ui::EnabledColumn)

public:
    static QString title();
    static QString meaning(bool enabled);
    static QStringList words(bool enabled);
};

// The column with a check box by which a row is switched on and off.
template<typename Row>
Column<Row> enabledColumn(std::function<bool(const Row &)> isEnabled)
{
    return {.traits = {.key = QStringLiteral("enabled"),
                       .title = &EnabledTexts::title,
                       .width = 34,
                       .icon = QStringLiteral("power"),
                       .alignment = Qt::AlignCenter,
                       .searched = false},
            .cell =
                [isEnabled](const Row &row) {
                    const bool enabled = isEnabled(row);
                    return Cell::check(enabled, EnabledTexts::meaning(enabled));
                },
            .sort = [isEnabled](const Row &row) { return QVariant(isEnabled(row) ? 0 : 1); },
            .words = [isEnabled](const Row &row) { return EnabledTexts::words(isEnabled(row)); },
            .edit = [isEnabled](const Row &row) { return QVariant(isEnabled(row)); }};
}

} // namespace gatehouse::ui
