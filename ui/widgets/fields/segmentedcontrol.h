#pragma once

#include <QWidget>

class QButtonGroup;
class QHBoxLayout;

namespace gatehouse::ui {

struct Segment
{
    QString id{};
    QString text{};
    QString toolTip{};
};

// A row of joined buttons of which exactly one is down, such as the range of charts. The arrow keys
// move the choice.
class SegmentedControl : public QWidget
{
    Q_OBJECT

public:
    explicit SegmentedControl(QWidget *parent = nullptr);

    // Keeps the choice where its id is still there, else the first is down.
    void setSegments(const QList<Segment> &segments);
    QString current() const { return m_current; }
    // Does not emit chosen().
    void setCurrent(const QString &id);

signals:
    void chosen(const QString &id);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;

private:
    void choose(int index);

    QHBoxLayout *m_layout = nullptr;
    QButtonGroup *m_group = nullptr;
    QList<Segment> m_segments{};
    QString m_current{};
};

} // namespace gatehouse::ui
