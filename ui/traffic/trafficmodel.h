#pragma once

#include "traffic/linewindow.h"
#include "widgets/table/tablemodel.h"

#include <QSet>

#include <memory>

namespace gatehouse::ui {

// The list of requests: those that are being served on top, then the ledger, the newest first; or
// groups with their sums, each of which opens to its requests. The ledger's lines are handed over in
// pages, and pages that are far away are let go of and asked for again.
class TrafficModel : public TableModelBase
{
    Q_OBJECT

public:
    enum class Kind { None, Running, Group, Request };

    // Roles of this model.
    static constexpr int kindRole = role::first;      // a Kind as an int
    static constexpr int depthRole = role::first + 1; // int: 1 within a group
    static constexpr int titleRole = role::first + 2; // of a group: a Cell as wide as the row
    static constexpr int openRole = role::first + 3;  // of a group: bool

    // What is to be read for the rows that are looked at: a page that was let go of, or the next.
    struct Wish
    {
        QString group{}; // TrafficGroup::key; empty as well without groups
        std::optional<LineWindow::Gap> gap{};
        admin::TrafficCursor from{};
    };

    explicit TrafficModel(QObject *parent = nullptr);
    ~TrafficModel() override;

    // In the language of the moment.
    void setTexts();

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;

    std::optional<domain::TrafficGrouping> grouping() const { return m_grouping; }
    Kind kindAt(int row) const;
    // Null: the row is none of a request, or its line is not here at the moment.
    const admin::TrafficLine *lineAt(int row) const;
    const domain::TrafficGroup *groupAt(int row) const;
    // -1: it is not here.
    int rowOf(const QByteArray &requestId) const;
    int rowOfGroup(const QString &key) const;
    bool isOpen(const QString &key) const;
    QStringList openGroups() const;
    int runningCount() const { return static_cast<int>(m_running.size()); }
    // What the rows come to; those that are being served as far as it is known.
    admin::TrafficTotals sum(int first, int last) const;
    // So many whole lines are in memory.
    int keptLines() const;

    // Begins anew, without the lines of the ledger; what is being served stays.
    void reset(std::optional<domain::TrafficGrouping> grouping);
    // A row that is missing in one list and there in the next does not flicker; one that is in the
    // ledger already is left out.
    void setRunning(const std::vector<admin::TrafficLine> &running);
    // Takes away at once what is being served and of which `which` is true.
    void dropRunning(const std::function<bool(const admin::TrafficLine &)> &which);
    // Its end was asked for.
    void setCancelling(const QByteArray &requestId);
    // A page of the list, or of the group; `next`: where it goes on.
    void append(const QString &group, const admin::TrafficPage &page);
    void fill(const QString &group,
              const LineWindow::Gap &gap,
              const std::vector<admin::TrafficLine> &lines);
    // Lines that came since, the newest first. Rows of requests that were being served become theirs.
    void addNewer(const std::vector<admin::TrafficLine> &lines);
    void mergeGroups(const std::vector<domain::TrafficGroup> &groups);
    void setOpen(const QString &key, bool open);
    // Its heads and bodies are not kept any more.
    void setForgotten(const std::function<bool(const admin::TrafficLine &)> &which);
    void setBookmarked(const QByteArrayList &requestIds, bool bookmarked);

    // What is missing near the rows from `first` to `last`; lets go of what is far from them.
    std::vector<Wish> look(int first, int last);

private:
    struct Section
    {
        std::optional<domain::TrafficGroup> group{};
        bool open = true;
        LineWindow lines{};
        std::optional<admin::TrafficCursor> next{};
        int start = 0; // the row it begins with
        size_t place = 0;

        int header() const { return group ? 1 : 0; }
        int rows() const { return header() + (open ? lines.size() : 0); }
    };

    Section *sectionOf(const QString &key) const;
    Section *sectionAt(int row) const;
    void renumber();
    void removeRunning(int row);
    void prependTo(Section &section, std::vector<admin::TrafficLine> lines);
    void addToGroups(const std::vector<admin::TrafficLine> &lines);
    void addToList(const std::vector<admin::TrafficLine> &lines);
    bool becomesFinished(const admin::TrafficLine &line);
    QVariant groupData(const Section &section, int column, int role) const;
    QVariant lineData(const admin::TrafficLine *line, int column, int role) const;

    const std::vector<Column<admin::TrafficLine>> m_columns;
    std::optional<domain::TrafficGrouping> m_grouping{};
    std::vector<admin::TrafficLine> m_running{};
    QHash<QByteArray, int> m_absent{}; // of those that run: in how many lists they were missing
    QSet<QByteArray> m_finished{};     // lately
    std::vector<std::unique_ptr<Section>> m_sections{};
    QHash<QString, Section *> m_byKey{};
    int m_rows = 0;
};

} // namespace gatehouse::ui
