#pragma once

#include "admin/statistics/statistics.h"
#include "admin/traffic/traffic.h"
#include "charts/sparkline.h"
#include "tokens/tokencolumns.h"
#include "widgets/factgrid.h"

#include <QCoreApplication>

namespace gatehouse::ui {

// What the detail pane of a token says.
class TokenFacts
{
    Q_DECLARE_TR_FUNCTIONS(gatehouse::ui::TokenFacts)

public:
    // The filter of its requests; `more` narrows it down.
    static QString termsOf(domain::TokenId token, const QString &more = {});
    // What it may spend and do, and what it has spent.
    static QList<Fact> settings(const admin::TokenListing &row, const QDateTime &now);
    // What the requests of the series come to.
    static QList<Fact> month(domain::TokenId token, const admin::Series &series);
    // Its requests by the bucket.
    static Sparkline lineOf(const admin::Series &series);
    // The programs and addresses that sent these requests, the latest first, and the keys of a grace period
    // that are still used.
    static QList<Fact> uses(const admin::TokenListing &row,
                            const std::vector<admin::TrafficLine> &lines,
                            const QDateTime &now);
};

} // namespace gatehouse::ui
