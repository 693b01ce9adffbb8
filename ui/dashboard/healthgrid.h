#pragma once

#include "admin/statistics/statistics.h"
#include "charts/heatstrip.h"
#include "widgets/timespan.h"

#include <QAbstractListModel>
#include <QListView>

#include <optional>
#include <vector>

namespace gatehouse::ui {

// A channel as the dashboard shows it.
struct ChannelHealthRow
{
    QString name{};
    admin::ChannelOverview overview{};
    bool hasModels = true;
    qint64 mostAtOnce = 0; // requests; 0: there is no limit

    bool lacksModels() const { return admin::lacksModels(overview.health, hasModels); }
};

// The channels of the dashboard. Rows are changed in place while the channels stay the same.
class HealthModel : public QAbstractListModel
{
    Q_OBJECT

public:
    enum Role {
        ChannelRole = Qt::UserRole,
        HealthRole,
        WordRole,
        StripRole,
        LackingRole,
        LoadRole,
        FullnessRole
    };

    using QAbstractListModel::QAbstractListModel;

    static HeatStrip stripOf(const admin::ChannelOverview &overview);

    void setRows(std::vector<ChannelHealthRow> rows);
    const std::vector<ChannelHealthRow> &rows() const { return m_rows; }
    // The time of which the strips of the rows are.
    void setTime(const TimeSpan &time) { m_time = time; }
    // In words: "last 60 minutes".
    QString timeShown() const;
    // Takes the present state of a channel; its figures of the past stay.
    void setState(const admin::ChannelOverview &state);
    // Words are made anew, as the time left and the language change.
    void refreshWords();

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;

private:
    QString accessibleTextOf(const ChannelHealthRow &row) const;
    QString loadOf(const ChannelHealthRow &row) const;
    QString wordOf(const ChannelHealthRow &row) const;
    QString toolTipOf(const ChannelHealthRow &row) const;

    std::vector<ChannelHealthRow> m_rows{};
    TimeSpan m_time = TimeSpan::last(QStringLiteral("1h")).value_or(TimeSpan());
};

// Shape, name, state in words and the strip of each channel, in two columns that are read
// downwards. As high as its rows.
class HealthGrid : public QListView
{
    Q_OBJECT

public:
    // What names and words of the rows take.
    struct Widths
    {
        int name = 0;
        int word = 0;
        int load = 0; // 0: no row has one

        bool operator==(const Widths &) const = default;
    };

    explicit HealthGrid(HealthModel *model, QWidget *parent = nullptr);

    const Widths &widths() const { return m_widths; }
    // How long a cell of the strips is, in words; empty without channels.
    QString scale() const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

    void copyImage();
    void copyCsv() const;
    void openTable();

signals:
    // The strips may have become longer or shorter.
    void arranged();
    // A channel was clicked, or Enter pressed on it.
    void channelActivated(gatehouse::domain::ChannelId id);
    // A cell of a channel's strip was clicked, which stands for that time.
    void timeActivated(gatehouse::domain::ChannelId id, const gatehouse::admin::TimeRange &range);

protected:
    void mouseReleaseEvent(QMouseEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;

private:
    void arrange();
    void measure();
    void click(const QModelIndex &index);
    std::optional<admin::TimeRange> timeAt(const QModelIndex &index, const QPoint &position) const;

    HealthModel *const m_health;
    QPoint m_released{};
    Widths m_widths{};
};

} // namespace gatehouse::ui
