#pragma once

#include "admin/traffic/trafficservice.h"
#include "widgets/services.h"
#include "widgets/table/savedfilters.h"

#include <QHash>
#include <QTimer>
#include <QWidget>

class QComboBox;

namespace gatehouse::ui {

class ChipRow;
class Translated;

// The saved filters with how many requests each lets through, and what the list is grouped by.
class FilterBar : public QWidget
{
    Q_OBJECT

public:
    FilterBar(const Services &services, SavedFilters &filters, QWidget *parent = nullptr);

    // What is being filtered by: the chip of the same meaning is down.
    void setFilter(const QString &filter);
    // What the requests of that filter have been found to be, by the list itself.
    void setCount(const QString &filter, const admin::TrafficCount &count);
    // Requests have come to be let through, or not any more, by what this key asks for.
    void countAnew(const QString &key);
    // The id of the chip that is down; empty: none.
    QString current() const;
    std::optional<domain::TrafficGrouping> grouping() const;
    void ungroup();
    // Counts anew, one filter after another, and now and then again while it is active. What the person
    // saved, opened or cleared is counted at once, alone.
    void setActive(bool active);

signals:
    // Without a time.
    void filterChosen(const QString &filter);
    void groupingChosen();
    void renameRequested(const QString &id);
    void removalRequested(const QString &id);

private:
    void setTexts();
    void setChips();
    void showCounts();
    QString counted(const SavedFilter &filter) const;
    void beginCounting();
    void countSoon(const QString &id);
    void countWanted();
    void countNext();
    void take(const QString &id, const QString &text, const admin::TrafficCount &count);
    void fillGroupings();

    const Services m_services;
    SavedFilters &m_filters;
    Translated *const m_texts;
    ChipRow *m_chips;
    QComboBox *m_grouping;
    QTimer m_timer;
    QString m_filter{};
    QString m_times{};
    struct Counted
    {
        QString text{}; // of what it is the count
        admin::TrafficCount count{};
    };
    QHash<QString, Counted> m_counts{};
    QTimer m_soon{};
    QStringList m_wanted{}; // the filters to be counted then
    QList<SavedFilter> m_toCount{};
    admin::Answer<admin::TrafficCount> m_counting{};
    int m_generation = 0; // counts of an earlier time are dropped
    bool m_isCounting = false;
    bool m_active = false;
};

} // namespace gatehouse::ui
