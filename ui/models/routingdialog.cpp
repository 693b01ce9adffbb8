#include "models/routingdialog.h"

#include "models/routingcolumns.h"
#include "theme/theme.h"
#include "widgets/dialogs/dialogfooter.h"
#include "widgets/fields/form.h"

#include <QComboBox>
#include <QLineEdit>
#include <QPushButton>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

// Beside the numbers of strategies, and 0 and 1 of affinity.
constexpr int mixed = -2;   // as each model has it
constexpr int usually = -1; // as the settings say

template<typename Value>
int numberOf(const std::optional<Value> &value)
{
    return value ? static_cast<int>(*value) : usually;
}

template<typename Value>
std::optional<Value> valueOf(int number)
{
    return number == usually ? std::nullopt : std::optional(static_cast<Value>(number));
}

// The number of all models; `mixed` if they differ.
template<typename Part>
int commonNumber(const std::vector<domain::ModelRouting> &models, Part part)
{
    const bool alike = std::all_of(models.begin(), models.end(), [&](const auto &model) {
        return part(model) == part(models.front());
    });
    return alike && !models.empty() ? numberOf(part(models.front())) : mixed;
}

void choose(QComboBox *box, int number)
{
    if (number == mixed)
        box->insertItem(0, RoutingDialog::tr("— (mixed)"), mixed);
    box->setCurrentIndex(box->findData(number));
}

} // namespace

RoutingDialog::RoutingDialog(std::vector<domain::ModelRouting> models,
                             const domain::AppliedRouting &usual,
                             QWidget *parent)
    : FormDialog(parent)
    , m_models(std::move(models))
    , m_strategy(new QComboBox(this))
    , m_affinity(new QComboBox(this))
{
    setWindowTitle(tr("Routing of models"));
    QStringList names;
    for (const domain::ModelRouting &model : m_models)
        names.append(QString::fromUtf8(model.model));
    auto *shown = new QLineEdit(names.join(u", "_s), this);
    shown->setReadOnly(true);
    shown->setCursorPosition(0);
    form()->addField(shown, [] { return tr("Models"); });
    form()->addField(
        m_strategy,
        [] { return tr("&Strategy"); },
        [] {
            return tr("What decides between the channels of the highest priority. Channels of a "
                      "lower one serve only when none of them can.");
        });
    form()->addField(
        m_affinity,
        [] { return tr("&Affinity"); },
        [] {
            return tr("On: the requests of a session go to the channel and key that served it "
                      "last, where the provider has its prompt in the cache.");
        });
    fill(usual);
    DialogFooter *footer = finish(tr("Apply"), [this] { apply(); });
    if (m_models.size() > 1)
        footer->setNote(tr("What you do not touch stays as it is."));
    fitHeight(Theme::px(480));
    m_strategy->setFocus();
}

void RoutingDialog::fill(const domain::AppliedRouting &usual)
{
    m_strategy->addItem(RoutingColumns::byDefault(RoutingColumns::strategy(usual.strategy)),
                        usually);
    for (const QString &name : domain::strategyNames()) {
        const domain::RoutingStrategy strategy = *domain::strategyNamed(name);
        m_strategy->addItem(RoutingColumns::strategy(strategy), static_cast<int>(strategy));
    }
    m_affinity->addItem(RoutingColumns::byDefault(RoutingColumns::affinity(usual.affinity)),
                        usually);
    for (const bool isOn : {true, false})
        m_affinity->addItem(RoutingColumns::affinity(isOn), static_cast<int>(isOn));
    choose(m_strategy, commonNumber(m_models, [](const auto &model) { return model.strategy; }));
    choose(m_affinity, commonNumber(m_models, [](const auto &model) { return model.affinity; }));
}

// Once, however often the button is pressed.
void RoutingDialog::apply()
{
    actionButton()->setEnabled(false);
    emit confirmed(chosen());
}

void RoutingDialog::showFailure(const QString &text)
{
    FormDialog::showFailure(text);
    actionButton()->setEnabled(true);
}

std::vector<domain::ModelRouting> RoutingDialog::chosen() const
{
    const int strategy = m_strategy->currentData().toInt();
    const int affinity = m_affinity->currentData().toInt();
    std::vector<domain::ModelRouting> routings = m_models;
    for (domain::ModelRouting &routing : routings) {
        if (strategy != mixed)
            routing.strategy = valueOf<domain::RoutingStrategy>(strategy);
        if (affinity != mixed)
            routing.affinity = valueOf<bool>(affinity);
    }
    return routings;
}

} // namespace gatehouse::ui
