// How the models of the page are routed.
#include "models/modelspage.h"

#include "admin/administration.h"
#include "models/routingdialog.h"
#include "widgets/format.h"
#include "widgets/table/tableview.h"
#include "widgets/undostack.h"

namespace gatehouse::ui {

void ModelsPage::chooseRouting()
{
    std::vector<domain::ModelRouting> former;
    for (const QModelIndex &index : m_modelTab.view->selectedSourceRows()) {
        if (const admin::ServedModel *row = m_models->rowAt(index))
            former.push_back(row->ownRouting);
    }
    const auto catalog = services().administration.publisher.catalog();
    if (former.empty() || !catalog)
        return;
    const domain::Settings::Relay &settings = catalog->settings().relay;
    auto *dialog = new RoutingDialog(
        former, {.strategy = settings.strategy, .affinity = settings.affinity}, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog,
            &RoutingDialog::confirmed,
            this,
            [this, dialog, former](const std::vector<domain::ModelRouting> &wanted) {
                if (wanted == former) {
                    dialog->accept();
                    return;
                }
                admin::whenDone(
                    saveRoutings(wanted, former), dialog, [dialog](const base::Result<> &outcome) {
                        if (outcome)
                            dialog->accept();
                        else
                            dialog->showFailure(outcome.error().message.translated());
                    });
            });
    dialog->open();
}

admin::Answer<> ModelsPage::saveRoutings(const std::vector<domain::ModelRouting> &wanted,
                                         const std::vector<domain::ModelRouting> &former)
{
    const auto text = [count = static_cast<int>(wanted.size()), model = wanted.front().model] {
        return count == 1
                   ? tr("Change the routing of %1").arg(Format::quoted(QString::fromUtf8(model)))
                   : tr("Change the routing of %n models", nullptr, count);
    };
    admin::ModelRoutingService &routings = services().administration.modelRoutings;
    return services().undo.push({.text = text,
                                 .redo = [&routings, wanted] { return routings.save(wanted); },
                                 .undo = [&routings, former] { return routings.save(former); }});
}

} // namespace gatehouse::ui
