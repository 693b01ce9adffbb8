#pragma once

#include <QWidget>

class QAction;
class QLabel;
class QPushButton;
class QVBoxLayout;

namespace gatehouse::ui {

// What stands where nothing is yet: an icon, a heading, one sentence, what to do.
class EmptyState : public QWidget
{
    Q_OBJECT

public:
    explicit EmptyState(QWidget *parent = nullptr);

    // Lucide's name.
    void setIcon(const QString &name);
    void setTexts(const QString &heading, const QString &sentence);
    // The buttons follow their actions; null: none. The first is the default button.
    void setActions(QAction *first, QAction *second = nullptr, QAction *link = nullptr);
    // More, under a hairline; the state owns it.
    void setExtra(QWidget *extra);
    // Puts the focus on the default button.
    void focusFirst();

    // "No channel matches ‘gpt’." with a button that emits filterCleared(), instead of all else while
    // `sentence` is not empty.
    void setFiltered(const QString &sentence);
    bool isFiltered() const { return m_filtered; }

signals:
    void filterCleared();

protected:
    void changeEvent(QEvent *event) override;

private:
    void refresh();
    void applyLook();

    QString m_iconName{};
    QString m_heading{};
    QString m_sentence{};
    QString m_filteredSentence{};
    bool m_filtered = false;
    QLabel *m_icon = nullptr;
    QLabel *m_headingLabel = nullptr;
    QLabel *m_sentenceLabel = nullptr;
    QWidget *m_buttons = nullptr;
    QPushButton *m_first = nullptr;
    QPushButton *m_second = nullptr;
    QPushButton *m_link = nullptr;
    QPushButton *m_clear = nullptr;
    QWidget *m_extra = nullptr;
    QVBoxLayout *m_layout = nullptr;
};

} // namespace gatehouse::ui
