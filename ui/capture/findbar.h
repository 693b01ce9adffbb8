#pragma once

#include <QTimer>
#include <QWidget>

class QLineEdit;
class QToolButton;

namespace gatehouse::ui {

class SecondaryLabel;
class Translated;

// A field for what is searched, and the way from one match to the next.
class FindBar : public QWidget
{
    Q_OBJECT

public:
    explicit FindBar(QWidget *parent = nullptr);

    QString needle() const;
    void setNeedle(const QString &text);
    // How many there are and which one is shown, from 0; the search may have stopped at `most`.
    void setMatches(int count, int current, bool isAll = true);
    void focusField();

signals:
    // Soon after typing; empty: the search is over.
    void searched(const QString &needle);
    // To the next (1) or the one before (-1).
    void moved(int step);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    Translated *const m_texts;
    QLineEdit *m_field = nullptr;
    SecondaryLabel *m_count = nullptr;
    QToolButton *m_previous = nullptr;
    QToolButton *m_next = nullptr;
    QTimer m_timer{};
};

} // namespace gatehouse::ui
