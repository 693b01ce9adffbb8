#pragma once

#include <QPushButton>
#include <QToolButton>

namespace gatehouse::ui {

// A number with its word in the status header, such as "12 req/min": the number stands out.
class FigureButton : public QToolButton
{
    Q_OBJECT

public:
    explicit FigureButton(QWidget *parent = nullptr);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    struct Part
    {
        QString text{};
        bool number = false;
    };

    QList<Part> parts() const;
    static QFont fontOf(const Part &part);
};

// A job that runs in the background, on the tint of what is under way.
class JobChip : public QPushButton
{
    Q_OBJECT

public:
    explicit JobChip(QWidget *parent = nullptr);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent *event) override;
};

// The place that looks like a field and opens the command palette, with its shortcut at the right. Not
// wide: an icon alone.
class CommandField : public QToolButton
{
    Q_OBJECT

public:
    explicit CommandField(QWidget *parent = nullptr);

    void setShortcutText(const QString &keys);
    void setWide(bool wide);
    // What it takes when it is wide.
    int wholeWidth() const;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    void paintShortcut(QPainter *painter, QRect &room) const;

    QString m_keys{};
    bool m_wide = true;
};

} // namespace gatehouse::ui
