#pragma once

#include <QWidget>

#include <optional>

class QAbstractButton;
class QButtonGroup;
class QHBoxLayout;

namespace gatehouse::ui {

// A saved filter, or another choice of a few.
struct Chip
{
    QString id{};
    QString text{};
    std::optional<qint64> count{};
    QString toolTip{};
    bool removable = false; // by its context menu, as is its name changed

    bool operator==(const Chip &) const = default;
};

// A row of small buttons of which one at most is down; they wrap where there is no room.
class ChipRow : public QWidget
{
    Q_OBJECT

public:
    explicit ChipRow(QWidget *parent = nullptr);

    void setChips(const QList<Chip> &chips);
    // `isWhole` false: there are at least so many.
    void setCount(const QString &id, qint64 count, bool isWhole = true);
    // Empty: none. Does not emit chosen().
    void setCurrent(const QString &id);
    QString current() const;
    // Stands at the right end, such as a combo box; the row owns it.
    void addWidget(QWidget *widget);

signals:
    // By the person; empty: the chip that was down was lifted.
    void chosen(const QString &id);
    void renameRequested(const QString &id);
    void removalRequested(const QString &id);

private:
    void rebuild();
    void openMenu(const QString &id, const QPoint &place);

    QHBoxLayout *m_layout = nullptr;
    QWidget *m_buttons = nullptr;
    QButtonGroup *m_group = nullptr;
    QList<Chip> m_chips{};
};

} // namespace gatehouse::ui
