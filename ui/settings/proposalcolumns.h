#pragma once

#include "admin/import/importservice.h"
#include "widgets/table/tablemodel.h"

#include <QCoreApplication>

namespace gatehouse::ui {

// A row of the table of channels that a file proposes. Holds no key.
struct ProposalRow
{
    qint64 number = 0; // its place in the preview
    bool ticked = false;
    QString name{};
    QString origin{};
    QString type{};
    QString address{}; // empty: the type's own
    QString maskedKey{};
    QStringList models{};
    QString present{}; // the name of the channel that it is here already as; empty: none
    std::vector<base::Message> notes{};

    bool operator==(const ProposalRow &) const = default;
};

using ProposalTable = TableModel<ProposalRow>;

class ProposalColumns
{
    Q_DECLARE_TR_FUNCTIONS(gatehouse::ui::ProposalColumns)

public:
    static std::vector<Column<ProposalRow>> columns();
    // Ticked are those that are not here yet.
    static std::vector<ProposalRow> rowsOf(const admin::ImportPreview &preview);
};

} // namespace gatehouse::ui
