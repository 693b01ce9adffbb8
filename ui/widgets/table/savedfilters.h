#pragma once

#include <QList>
#include <QObject>
#include <QString>

#include <functional>

namespace gatehouse::ui {

class UiState;

// A filter under a name.
struct SavedFilter
{
    QString id{};
    QString name{};
    QString filter{};

    bool operator==(const SavedFilter &) const = default;
};

// The filters of one table that have a name: those that it comes with, and those of the person, which are
// remembered. Several objects of one table show the same: what one changes, the others read.
class SavedFilters : public QObject
{
    Q_OBJECT

public:
    // What a table has of its own. An absent function: it comes with "all" alone; a filter is saved as a
    // whole.
    struct Kind
    {
        // Those that it comes with, in the language of the moment. "all" is the first and filters nothing.
        std::function<QList<SavedFilter>()> builtIn{};
        // What is saved of a filter, in the one spelling of all that mean the same.
        std::function<QString(const QString &filter)> spelling{};
    };

    // `table` is by what it is remembered, such as "traffic".
    SavedFilters(UiState &state, const QString &table, Kind kind, QObject *parent = nullptr);
    SavedFilters(UiState &state, const QString &table, QObject *parent = nullptr);

    const QList<SavedFilter> &own() const { return m_own; }
    QList<SavedFilter> all() const;
    bool isOwn(const QString &id) const { return indexOf(id) >= 0; }
    QString spelled(const QString &filter) const;
    // An empty id: there is none of that id, none whose filter means the same, or none of the person's of
    // that name.
    SavedFilter find(const QString &id) const;
    SavedFilter matching(const QString &filter) const;
    SavedFilter named(const QString &name) const;
    // For changing them by another object when this one is gone.
    UiState &state() const { return m_state; }
    const QString &table() const { return m_table; }

    // Gives the id. A name that is in use gets the new filter.
    QString save(const QString &name, const QString &filter);
    // Nothing happens if another one of the person's has that name.
    void rename(const QString &id, const QString &name);
    void change(const QString &id, const QString &filter);
    void remove(const QString &id);
    // Puts one back where it was.
    void insert(qsizetype index, const SavedFilter &filter);
    qsizetype indexOf(const QString &id) const;

signals:
    void changed();

private:
    void load();
    void store();

    UiState &m_state;
    const QString m_table;
    const QString m_stateKey;
    const Kind m_kind;
    QList<SavedFilter> m_own{};
};

} // namespace gatehouse::ui
