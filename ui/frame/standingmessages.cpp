#include "frame/standingmessages.h"

#include "admin/administration.h"
#include "widgets/format.h"
#include "widgets/messagebar.h"

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

QString budgetMessageId(const admin::Happening &happening)
{
    return happening.token.isNull() ? u"budget user %1"_s.arg(happening.user.value)
                                    : u"budget token %1"_s.arg(happening.token.value);
}

QString exportMessageId(const admin::FailingExport &failing)
{
    return u"export "_s + failing.setting;
}

QString whatFails(const QString &setting)
{
    if (setting == "integrations.otlp_metrics"_L1)
        return StandingMessages::tr("Metrics do not reach their collector.");
    if (setting == "integrations.otlp_endpoint"_L1)
        return StandingMessages::tr("Traces do not reach their collector.");
    return StandingMessages::tr("Events do not reach the webhook.");
}

} // namespace

StandingMessages::StandingMessages(const Services &services, MessageBar &bar, QObject *parent)
    : QObject(parent)
    , m_services(services)
    , m_bar(bar)
{
    admin::HappeningWatch &happenings = m_services.administration.happenings;
    connect(&happenings, &admin::HappeningWatch::happened, this, &StandingMessages::noteHappening);
    connect(&happenings,
            &admin::HappeningWatch::budgetsLookedAt,
            this,
            &StandingMessages::lookAtBudgets);
    connect(&m_services.administration.exportWatch,
            &admin::ExportWatch::changed,
            this,
            &StandingMessages::showExports);
    connect(&m_bar, &MessageBar::dismissed, this, &StandingMessages::noteDismissed);
    showExports();
}

void StandingMessages::noteHappening(const admin::Happening &happening)
{
    if (happening.kind != admin::Happening::Kind::BudgetSpent)
        return;
    const QString id = budgetMessageId(happening);
    m_budgets.insert(id, happening);
    const bool isUser = happening.token.isNull();
    const qint64 item = isUser ? happening.user.value : happening.token.value;
    m_bar.showMessage(
        {.id = id,
         .tone = Tone::Caution,
         .text =
             [name = happening.name, isUser] {
                 const QString quoted = Format::quoted(name);
                 return isUser ? tr("The budget of the user %1 is used up.").arg(quoted)
                               : tr("The budget of the token %1 is used up.").arg(quoted);
             },
         .actions = {{.text = [] { return tr("Budget…"); },
                      .run =
                          [this, isUser, item] {
                              emit itemRequested(isUser ? PageId::Users : PageId::Tokens, item);
                          }}}});
}

// One that was raised, or has begun anew, is nothing to tell any more.
void StandingMessages::lookAtBudgets()
{
    const auto isOver = [this](const admin::Happening &told) {
        return !m_services.administration.happenings.isSpent(told.token, told.user);
    };
    for (auto it = m_budgets.begin(); it != m_budgets.end();) {
        if (!isOver(*it)) {
            ++it;
            continue;
        }
        m_bar.removeMessage(it.key());
        it = m_budgets.erase(it);
    }
}

void StandingMessages::showExports()
{
    QMap<QString, QString> present;
    for (const admin::FailingExport &each : m_services.administration.exportWatch.failing()) {
        const QString id = exportMessageId(each);
        const QString why = each.error.message.english();
        if (m_dismissed.value(id) == why)
            continue;
        m_dismissed.remove(id);
        present.insert(id, why);
        if (m_exports.value(id) == why)
            continue;
        m_bar.showMessage(
            {.id = id,
             .tone = Tone::Caution,
             .subject = [key = each.setting] { return whatFails(key); },
             .text = each.error.message,
             .actions = {{.text = [] { return tr("Settings…"); },
                          .run = [this, key = each.setting] { emit settingRequested(key); }}},
             .details = each.error.detail,
             .lasting = true});
    }
    for (const QString &id : m_exports.keys()) {
        if (!present.contains(id))
            m_bar.removeMessage(id);
    }
    m_exports = present;
    // What succeeded meanwhile is told when it fails again.
    QStringList failing;
    for (const admin::FailingExport &each : m_services.administration.exportWatch.failing())
        failing.append(exportMessageId(each));
    for (const QString &id : m_dismissed.keys()) {
        if (!failing.contains(id))
            m_dismissed.remove(id);
    }
}

void StandingMessages::noteDismissed(const QString &id)
{
    m_budgets.remove(id);
    const QString why = m_exports.take(id);
    if (!why.isEmpty())
        m_dismissed.insert(id, why);
}

} // namespace gatehouse::ui
