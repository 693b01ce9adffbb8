#pragma once

#include "admin/channels/discovery.h"
#include "theme/palette.h"

#include <QAbstractListModel>

#include <optional>

namespace gatehouse::ui {

// What was found on this computer, under headings, each with a box to tick; none is ticked at first.
// On demand the places that were looked at follow.
class FoundModel : public QAbstractListModel
{
    Q_OBJECT

public:
    enum Role {
        HeadingRole = Qt::UserRole + 1, // bool
        DetailRole,                     // QString, the second line
        TileRole,                       // QString, whose letter stands in the tile; empty: none
        StateRole,                      // QString, at the right
        ToneRole,                       // int, a Tone; invalid: secondary text
        BusyRole,                       // bool: it is being asked
    };

    explicit FoundModel(QObject *parent = nullptr);

    void setFound(std::vector<admin::FoundProvider> found);
    // One more; what is ticked stays so.
    void addFound(admin::FoundProvider found);
    const std::vector<admin::FoundProvider> &found() const { return m_found; }
    // The places in found() that are ticked, in its order.
    std::vector<size_t> ticked() const;
    // What is said of one at the right instead of its own state.
    void setState(size_t found, const QString &text, std::optional<Tone> tone, bool busy = false);
    // What a provider listed when it was asked.
    void setModels(size_t found, const QStringList &models);

    struct Looked
    {
        QString name{};
        QString place{};
        bool answered = false;
        QString problem{}; // why what is there cannot be used; empty: it can
    };
    void setLooked(std::vector<Looked> looked);
    void setShowsLooked(bool shown);
    bool showsLooked() const { return m_showsLooked; }
    // That of the heading above what was looked at; -1: not shown.
    int lookedRow() const;
    void retranslate();

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    bool setData(const QModelIndex &index, const QVariant &value, int role) override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;

signals:
    void tickChanged(size_t found, bool ticked);

private:
    enum class Heading { Environment, Servers, Files, Looked };
    struct Row
    {
        std::optional<Heading> heading{};
        size_t index = 0; // in found or looked
        bool isLooked = false;
    };
    struct State
    {
        bool ticked = false;
        bool busy = false;
        QString text{}; // instead of its own
        std::optional<Tone> tone{};
    };

    void arrange();
    QVariant headingData(Heading heading, int role) const;
    QVariant foundData(size_t index, int role) const;
    QVariant lookedData(const Looked &looked, int role) const;
    QString stateText(size_t index) const;
    int rowOf(size_t found) const;

    std::vector<admin::FoundProvider> m_found{};
    std::vector<State> m_states{};
    std::vector<Looked> m_looked{};
    std::vector<Row> m_rows{};
    bool m_showsLooked = false;
};

} // namespace gatehouse::ui
