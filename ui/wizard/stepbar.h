#pragma once

#include <QStringList>
#include <QWidget>

namespace gatehouse::ui {

// Where one stands among the steps: those behind with a tick, the present one with its number filled.
class StepBar : public QWidget
{
    Q_OBJECT

public:
    explicit StepBar(QWidget *parent = nullptr);

    void setSteps(const QStringList &names);
    void setCurrent(int step);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    void describe();
    int paintStep(QPainter &painter, int step, int left) const;

    QStringList m_names{};
    int m_current = 0;
};

} // namespace gatehouse::ui
