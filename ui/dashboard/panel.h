#pragma once

#include <QWidget>

namespace gatehouse::ui {

// A part of the dashboard: a hairline at its top, room at its sides.
class Panel : public QWidget
{
    Q_OBJECT

public:
    explicit Panel(QWidget *parent = nullptr);

    void setLineVisible(bool visible);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    bool m_line = true;
};

} // namespace gatehouse::ui
