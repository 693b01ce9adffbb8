#pragma once

#include "admin/statistics/statistics.h"
#include "charts/rankedbars.h"

#include <QWidget>

class QMenu;
class QToolButton;

namespace gatehouse::ui {

class SecondaryLabel;
class Translated;
class UiState;

// The most expensive models, channels, users or tokens; where nothing was spent, the busiest.
class RankingPanel : public QWidget
{
    Q_OBJECT

public:
    // `key` names it in what the window remembers; `kind` is what it shows at first.
    RankingPanel(UiState &state,
                 const QString &key,
                 admin::RankingKind kind,
                 QWidget *parent = nullptr);

    admin::RankingKind kind() const { return m_kind; }
    void setKind(admin::RankingKind kind);
    void setRanking(const admin::Ranking &ranking);
    RankedBars &bars() { return *m_bars; }

signals:
    // Another kind was chosen; its ranking is to be fetched.
    void kindChanged();
    // A bar was asked for; the filter of its requests, without the time.
    void entryActivated(const QString &terms);

private:
    void setTexts();
    void showRanking();
    QString title() const;
    QString kindName(admin::RankingKind kind) const;

    UiState &m_state;
    const QString m_key;
    admin::RankingKind m_kind;
    admin::Ranking m_ranking{};
    QToolButton *m_heading;
    QMenu *m_menu;
    RankedBars *m_bars;
    SecondaryLabel *m_empty;
    Translated *m_texts;
};

// The terms with which Traffic shows the requests of an entry.
QString trafficTermsOf(admin::RankingKind kind, const admin::RankingEntry &entry);
// Of those that belong to none of its entries.
QString othersTermsOf(const admin::Ranking &ranking);

} // namespace gatehouse::ui
