#pragma once

#include "admin/traffic/captureservice.h"
#include "widgets/table/tablemodel.h"

#include <QCoreApplication>

namespace gatehouse::ui {

// A field of a captured head.
struct HeaderRow
{
    int place = 0;
    QString name{};
    QString value{};
    bool isMasked = false;

    bool operator==(const HeaderRow &) const = default;
};

// A place of a body that the gateway changed.
struct RewriteRow
{
    int place = 0;
    admin::Rewrite rewrite{};

    bool operator==(const RewriteRow &) const = default;
};

// One event of a stream, with the time since the one before.
struct StreamRow
{
    int place = 0;
    qint64 gapMicroseconds = 0;
    bool isLongGap = false; // it stands out among the others
    admin::StreamEvent event{};

    bool operator==(const StreamRow &) const = default;
};
using HeaderTable = TableModel<HeaderRow, int>;
using RewriteTable = TableModel<RewriteRow, int>;
using StreamTable = TableModel<StreamRow, int>;

// What the tables of a captured message show.
class MessageColumns
{
    Q_DECLARE_TR_FUNCTIONS(gatehouse::ui::MessageColumns)

public:
    static std::vector<Column<HeaderRow>> headers();
    static std::vector<HeaderRow> headerRows(const domain::CapturedMessage &message);
    // Of a request, from the client's to the provider's; of an answer the other way.
    enum class Way { ToProvider, ToClient };
    static std::vector<Column<RewriteRow>> rewrites(Way way = Way::ToProvider);
    static std::vector<RewriteRow> rewriteRows(const std::vector<admin::Rewrite> &rewrites);
    static std::vector<Column<StreamRow>> events();
    static std::vector<StreamRow> streamRows(const std::vector<admin::StreamEvent> &events);
};

} // namespace gatehouse::ui
