#pragma once

#include "admin/channels/routeexplanation.h"
#include "widgets/services.h"
#include "widgets/table/tablemodel.h"

#include <QDialog>
#include <QTimer>

class QComboBox;
class QLabel;

namespace gatehouse::ui {

class Form;
class RequestEdit;
class StatusChip;
class TableView;
class TokensField;

// A row of the explanation: a channel that would be tried, or one that is left out with its reason.
using RouteTable = TableModel<admin::RouteCandidate, qint64>;

// Answers for whom and for which model, or for which request: which channels would be tried in which
// order, and why the others would not. Nothing is sent.
class RouteDialog : public QDialog
{
    Q_OBJECT

public:
    RouteDialog(const Services &services, const QString &model, QWidget *parent = nullptr);

    // Asks for that token, once the list of them is there, and for the session that its client calls so; 0:
    // for anyone, empty: for any.
    void setToken(domain::TokenId token, const QString &session = {});

    const RouteTable &table() const { return *m_table; }

signals:
    void channelRequested(gatehouse::domain::ChannelId channel);

private:
    void build(const QString &model);
    void addRequest();
    void fillWho();
    void addWho(const QString &text, const QVariant &value, int role);
    void ask();
    void presentNothing(const QString &reason);
    void present(const base::Result<admin::RouteExplanation> &explanation);
    void presentRequest(const QString &summary, bool isInvalid);
    void presentVerdict(const admin::RouteExplanation &explanation);
    QString summaryOf(const admin::RouteExplanation &explanation) const;
    void copy() const;

    const Services m_services;
    domain::TokenId m_token{};
    QByteArray m_session{}; // of that token
    RouteTable *m_table;
    QComboBox *m_who = nullptr;
    QComboBox *m_model = nullptr;
    QComboBox *m_kind = nullptr;
    TokensField *m_tokens = nullptr;
    RequestEdit *m_request = nullptr;
    Form *m_form = nullptr;
    QString m_summary{}; // of what was read in the request, or why it cannot be
    QTimer m_pause;      // in typing
    int m_asked = 0;     // how many questions; only the last one's answer counts
    StatusChip *m_state = nullptr;
    QLabel *m_verdict = nullptr;
    QLabel *m_manner = nullptr; // how a channel is chosen
    TableView *m_view = nullptr;
};

} // namespace gatehouse::ui
