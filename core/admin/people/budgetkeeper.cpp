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
constexpr std::chrono::milliseconds leastWait{1'000};

struct Renewed
{
    domain::UserId user{};
    domain::TokenId token{}; // null: of the user
    domain::Quota added{};
};

Result<std::vector<Renewed>> storeRenewals(Database &database, qint64 now)
{
    storage::BudgetRepository budgets(database);
    const Result<std::vector<BudgetRenewal>> due = budgets.due(now);
    if (!due)
        return base::fail(due.error());
    const QTimeZone zone = QTimeZone::systemTimeZone();
    std::vector<Renewed> all;
    for (const BudgetRenewal &each : *due) {
        // What was topped up and not spent stays. Where the clock was ahead, only the moment is put right.
        const domain::Quota balance =
            each.budget.isDue(now) ? std::max(each.balance, each.budget.limit) : each.balance;
        const qint64 next = domain::nextPeriod(each.budget.period, now, zone);
        const Result<bool> renewed = budgets.renew(each, balance, next);
        if (!renewed)
            return base::fail(renewed.error());
        if (*renewed)
            all.push_back({each.user, each.token, balance - each.balance});
    }
    return all;
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
    const qint64 now = m_base.clock.wallMilliseconds();
    std::optional<qint64> first;
    const auto consider = [&first, now](const Budget &budget) {
        if (!budget.isPeriodic())
            return;
        const qint64 due = budget.isAstray(now / 1000) ? 0 : budget.resetsAt;
        first = std::min(first.value_or(due), due);
    };
    for (const domain::User &user : catalog->users())
        consider(user.budget);
    for (const auto &token : catalog->tokens())
        consider(token->token.budget);
    if (!first)
        return m_timer.stop();
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
        [this](const std::vector<Renewed> &all) {
            for (const Renewed &each : all) {
                if (each.token.isNull())
                    m_base.admission.adjustUser(each.user, each.added);
                else
                    m_base.admission.adjustToken(each.user, each.token, each.added);
            }
        });
    QFuture(stored).then(this, [this](const Result<std::vector<Renewed>> &all) {
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
        // At once, if more became due meanwhile; but never without a pause.
        m_timer.start(leastWait);
        emit renewed(static_cast<int>(all->size()));
    });
}

} // namespace gatehouse::admin
