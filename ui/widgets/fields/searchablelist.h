#pragma once

#include "theme/palette.h"

#include <QWidget>

class QLineEdit;
class QListView;
class QSortFilterProxyModel;
class QStandardItemModel;

namespace gatehouse::ui {

struct ListEntry
{
    QString id{};
    QString text{};
    QString group{}; // its heading; entries of one group stand together
    QString tile{};  // the name whose letter stands in a tile
    QString icon{};  // or Lucide's name
    QString badge{}; // at the right, such as "running"
    Tone badgeTone = Tone::Neutral;
    QStringList keywords{}; // found as well
    bool marked = false;    // a dot at the right
    QString meaning{};      // of the dot, for the screen reader
};

// A list with headings and a search field, such as a gallery. Down in the field goes to the list;
// typing in the list goes to the field.
class SearchableList : public QWidget
{
    Q_OBJECT

public:
    explicit SearchableList(QWidget *parent = nullptr);

    // Keeps what is current where it is still there.
    void setEntries(const QList<ListEntry> &entries);
    void setSearchPlaceholder(const QString &text);
    void setListName(const QString &accessibleName);
    QString currentId() const;
    // Does not emit currentChanged().
    void setCurrentId(const QString &id);
    void focusSearch();
    QString searchText() const;
    void setSearchText(const QString &text);

signals:
    void searchChanged(const QString &text);
    // Another entry became current by the person: by a key, by a click, or because a search hides the
    // former one.
    void currentChanged(const QString &id);
    // A click or Enter: the person means this entry and does not just pass over it.
    void chosen(const QString &id);
    // Enter or a double click.
    void activated(const QString &id);
    // The focus went elsewhere in the window.
    void left();

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;
    void changeEvent(QEvent *event) override;
    void showEvent(QShowEvent *event) override;

private:
    void retranslate();
    void search(const QString &text);
    bool isShown(const QString &id) const;
    void selectFirst();
    void showCurrent();
    void activate();
    void noteLeaving();

    QLineEdit *m_search = nullptr;
    QListView *m_view = nullptr;
    QStandardItemModel *m_model = nullptr;
    QSortFilterProxyModel *m_filter = nullptr;
    bool m_quiet = false;
    bool m_wasShown = false;
};

} // namespace gatehouse::ui
