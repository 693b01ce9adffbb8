#pragma once

#include "domain/modelrouting.h"
#include "widgets/dialogs/formdialog.h"

#include <optional>
#include <vector>

class QComboBox;

namespace gatehouse::ui {

// Chooses strategy and affinity of one model or several. Where they differ a field says "— (mixed)", and
// what is not touched stays as each model has it.
class RoutingDialog : public FormDialog
{
    Q_OBJECT

public:
    // `models` is what each has of its own; `usual`, what holds for all others.
    RoutingDialog(std::vector<domain::ModelRouting> models,
                  const domain::AppliedRouting &usual,
                  QWidget *parent = nullptr);

    // All of them, with what was touched.
    std::vector<domain::ModelRouting> chosen() const;
    // What was chosen could not be stored: the dialog stays.
    void showFailure(const QString &text);

signals:
    // Whoever hears it stores what was chosen, and then closes the dialog or calls showFailure().
    void confirmed(const std::vector<gatehouse::domain::ModelRouting> &routings);

private:
    void fill(const domain::AppliedRouting &usual);
    void apply();

    const std::vector<domain::ModelRouting> m_models;
    QComboBox *m_strategy;
    QComboBox *m_affinity;
};

} // namespace gatehouse::ui
