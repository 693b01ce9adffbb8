#pragma once

#include <QAbstractListModel>
#include <QDialog>
#include <QIcon>
#include <QKeySequence>

#include <functional>
#include <optional>
#include <vector>

class QLabel;
class QLineEdit;
class QListView;

namespace gatehouse::ui {

// One thing the palette can do or go to.
struct PaletteItem
{
    QString text{};
    QString kind{};  // "Channel", "Setting", …; shown at the right
    QString words{}; // by which, together with the text, it is found as well
    QIcon icon{};
    QKeySequence shortcut{};
    std::function<void()> run{};
};

// The items that match what was typed, the best first.
class PaletteModel : public QAbstractListModel
{
    Q_OBJECT

public:
    enum Role { KindRole = Qt::UserRole + 1 };
    using QAbstractListModel::QAbstractListModel;

    void setItems(std::vector<PaletteItem> items);
    void setTyped(const QString &typed);
    const PaletteItem *itemAt(const QModelIndex &index) const;
    // The place of an item among all that were set; absent for no index.
    std::optional<size_t> numberAt(const QModelIndex &index) const;
    // Invalid: it does not match what was typed.
    QModelIndex indexOf(size_t number) const;

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;

private:
    void updateMatches();

    std::vector<PaletteItem> m_items{};
    std::vector<size_t> m_matches{};
    QString m_typed{};
};

// A field over the window that finds actions, channels, models, tokens, users, settings and requests
// by a few letters of their names. Enter runs the chosen one, Esc closes.
class CommandPalette : public QDialog
{
    Q_OBJECT

public:
    explicit CommandPalette(QWidget *parent = nullptr);

    // Opens it empty over the upper part of its parent; `items` may be completed later.
    void openWith(std::vector<PaletteItem> items);
    void addItems(std::vector<PaletteItem> items);
    QString text() const;

signals:
    void typed(const QString &text);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;

private:
    void run(const QModelIndex &index);
    void match(const QString &text);
    void fitHeight();
    void setTexts();

    PaletteModel *m_model;
    QLineEdit *m_field;
    QListView *m_list;
    QLabel *m_nothing;
    std::vector<PaletteItem> m_items{};
};

} // namespace gatehouse::ui
