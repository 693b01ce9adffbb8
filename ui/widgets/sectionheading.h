#pragma once

#include <QWidget>

class QHBoxLayout;

namespace gatehouse::ui {

class SecondaryLabel;

// The heading of a part of a form or pane: bold words, a hairline under them, maybe something at the
// right.
class SectionHeading : public QWidget
{
    Q_OBJECT

public:
    explicit SectionHeading(const QString &text = {}, QWidget *parent = nullptr);

    void setText(const QString &text);
    QString text() const;
    void setLineVisible(bool visible);
    void addWidget(QWidget *widget);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    SecondaryLabel *m_label = nullptr;
    QHBoxLayout *m_layout = nullptr;
    bool m_line = true;
};

} // namespace gatehouse::ui
