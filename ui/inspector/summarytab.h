#pragma once

#include "inspector/costtable.h"
#include "inspector/inspectortab.h"

class QBoxLayout;

namespace gatehouse::ui {

class FactList;
class SecondaryLabel;
class SectionHeading;
class TableView;

// What one wants to know first: why it failed, what it used and cost, who asked for what and who
// served it.
class SummaryTab : public InspectorTab
{
    Q_OBJECT

public:
    explicit SummaryTab(const Services &services, QWidget *parent = nullptr);

    QString title() const override;
    CostTable &costs() const { return *m_costs; }
    QString factText() const;

protected:
    void fill() override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void build();
    void fillFailure();
    void fillWho();
    void fillRoute();
    void fitTable();

    CostTable *const m_costs;
    QBoxLayout *m_columns = nullptr;
    QBoxLayout *m_facts = nullptr;
    QWidget *m_failure = nullptr;
    SecondaryLabel *m_explanation = nullptr;
    SecondaryLabel *m_providerText = nullptr;
    SectionHeading *m_usageHeading = nullptr;
    SectionHeading *m_requestHeading = nullptr;
    SectionHeading *m_routeHeading = nullptr;
    TableView *m_view = nullptr;
    SecondaryLabel *m_note = nullptr;
    FactList *m_who = nullptr;
    FactList *m_route = nullptr;
};

} // namespace gatehouse::ui
