#pragma once

#include "admin/channels/routeexplanation.h"
#include "widgets/services.h"
#include "widgets/table/tablemodel.h"

#include <QDialog>

class QComboBox;
class QLabel;

namespace gatehouse::ui {

class StatusChip;
class TableView;

// A row of the explanation: a channel that would be tried, or one that is left out with its reason.
using RouteTable = TableModel<admin::RouteCandidate, qint64>;

// Answers for whom and for which model: which channels would be tried in which order, and why the
// others would not. Nothing is sent.
class RouteDialog : public QDialog
{
    Q_OBJECT

public:
    RouteDialog(const Services &services, const QString &model, QWidget *parent = nullptr);

    // Asks for that token, once the list of them is there; 0: for anyone.
    void setToken(domain::TokenId token) { m_token = token; }

    const RouteTable &table() const { return *m_table; }

signals:
    void channelRequested(gatehouse::domain::ChannelId channel);

private:
    void build(const QString &model);
    void fillWho();
    void addWho(const QString &text, const QVariant &value, int role);
    void ask();
    void present(const base::Result<admin::RouteExplanation> &explanation);
    void copy() const;

    const Services m_services;
    domain::TokenId m_token{};
    RouteTable *m_table;
    QComboBox *m_who = nullptr;
    QComboBox *m_model = nullptr;
    StatusChip *m_state = nullptr;
    QLabel *m_verdict = nullptr;
    TableView *m_view = nullptr;
};

} // namespace gatehouse::ui
