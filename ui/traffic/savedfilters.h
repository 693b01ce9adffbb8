#pragma once

#include <QCoreApplication>
#include <QList>
#include <QObject>
#include <QString>

namespace gatehouse::ui {

class UiState;

// A filter under a name.
struct SavedFilter
{
    QString id{};
    QString name{};
    QString filter{}; // without a time, which is chosen apart

    bool operator==(const SavedFilter &) const = default;
};

// The filters of the Traffic page that have a name: those that it comes with, which say what most
// people look for, and those of the person, which are remembered.
class SavedFilters : public QObject
{
    Q_OBJECT

public:
    explicit SavedFilters(UiState &state, QObject *parent = nullptr);

    // Those that it comes with, in the language of the moment. "all" is the first and filters nothing.
    static QList<SavedFilter> builtIn();
    const QList<SavedFilter> &own() const { return m_own; }
    QList<SavedFilter> all() const { return builtIn() + m_own; }
    bool isOwn(const QString &id) const { return indexOf(id) >= 0; }
    // An empty id: there is none of that id, or none whose filter means the same.
    SavedFilter find(const QString &id) const;
    SavedFilter matching(const QString &filter) const;

    // Gives the id. A name that is in use gets the new filter.
    QString save(const QString &name, const QString &filter);
    void rename(const QString &id, const QString &name);
    void remove(const QString &id);
    // Puts one back where it was.
    void insert(qsizetype index, const SavedFilter &filter);
    qsizetype indexOf(const QString &id) const;

signals:
    void changed();

private:
    void store();

    UiState &m_state;
    QList<SavedFilter> m_own{};
};

// The terms of a filter without those of time, and those of time alone; in one spelling.
QString filterWithoutTimes(const QString &filter);
QString timesOfFilter(const QString &filter);

} // namespace gatehouse::ui
