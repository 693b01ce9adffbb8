#pragma once

#include "settings/proposalcolumns.h"

#include <QWidget>

class QPushButton;

namespace gatehouse::ui {

class TableView;

// The channels that a file proposes, each with a box to tick. Space ticks the selected ones.
class ProposalList : public QWidget
{
    Q_OBJECT

public:
    explicit ProposalList(QWidget *parent = nullptr);

    void setPreview(const admin::ImportPreview &preview);
    // The places of those that are ticked, in the preview.
    std::vector<size_t> ticked() const;
    int count() const { return m_model->rowCount(); }
    void retranslate();

signals:
    // By the person.
    void tickedChanged();

private:
    void setTicked(const QList<int> &rows, bool ticked);
    void setAll(bool ticked);
    void toggleSelected();

    ProposalTable *m_model;
    TableView *m_view;
    QPushButton *m_all;
    QPushButton *m_none;
};

} // namespace gatehouse::ui
