#include "admin/people/budgetkeeper.h"

#include "base/logging.h"
#include "storage/repositories/budgetrepository.h"

#include <algorithm>
#include <optional>

namespace gatehouse::admin {

using base::Result;
using domain::Budget;
using storage::BudgetRenewal;
using storage::Database;

namespace {

// The clock may be set, and the computer may sleep: nothing is waited for longer than this.
constexpr std::chrono::milliseconds longestWait{60'000};

Result<std::vector<BudgetRenewal>> storeRenewals(Database &database, qint64 now)
{
    storage::BudgetRepository budgets(database);
    Result<std::vector<BudgetRenewal>> due = budgets.due(now);
    if (!due)
        return due;
    const QTimeZone zone = QTimeZone::systemTimeZone();
    for (const BudgetRenewal &each : *due) {
        const qint64 next = domain::nextPeriod(each.budget.period, now, zone);
        if (Result<> renewed = budgets.renew(each, next); !renewed)
            return base::fail(renewed.error());
    }
    return due;
}

} // namespace

BudgetKeeper::BudgetKeeper(const Foundation &foundation, QObject *parent)
    : QObject(parent)
    , m_base(foundation)
{
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, &BudgetKeeper::schedule);
    connect(&m_base.publisher, &CatalogPublisher::catalogChanged, this, &BudgetKeeper::schedule);
}

void BudgetKeeper::schedule()
{
    const auto catalog = m_base.publisher.catalog();
    if (!catalog || m_renewing)
        return;
    std::optional<qint64> first;
    const auto consider = [&first](const Budget &budget) {
        if (budget.isPeriodic())
            first = std::min(first.value_or(budget.resetsAt), budget.resetsAt);
    };
    for (const domain::User &user : catalog->users())
        consider(user.budget);
    for (const auto &token : catalog->tokens())
        consider(token->token.budget);
    if (!first)
        return m_timer.stop();
    const qint64 now = m_base.clock.wallMilliseconds();
    const qint64 until = *first * 1000 - now;
    if (until <= 0)
        return renew();
    m_timer.start(std::min(std::chrono::milliseconds(until), longestWait));
}

void BudgetKeeper::renew()
{
    m_renewing = true;
    const auto stored = m_base.publisher.change(
        [now = m_base.now()](Database &database) { return storeRenewals(database, now); },
        [this](const std::vector<BudgetRenewal> &all) {
            for (const BudgetRenewal &each : all) {
                const domain::Quota added = each.budget.limit - each.balance;
                if (each.token.isNull())
                    m_base.admission.adjustUser(each.user, added);
                else
                    m_base.admission.adjustToken(each.user, each.token, added);
            }
        });
    QFuture(stored).then(this, [this](const Result<std::vector<BudgetRenewal>> &all) {
        m_renewing = false;
        if (!all) {
            qCWarning(base::lcAdmin)
                << "Budgets could not begin anew:" << all.error().message.english()
                << all.error().detail;
            m_timer.start(longestWait);
            return;
        }
        if (all->empty()) { // the database is ahead of the catalog: it will be read anew
            m_timer.start(longestWait);
            return;
        }
        qCInfo(base::lcAdmin) << all->size() << "budgets began anew.";
        schedule();
        emit renewed(static_cast<int>(all->size()));
    });
}

} // namespace gatehouse::admin
