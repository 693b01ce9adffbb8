#pragma once

#include "admin/statistics/statistics.h"
#include "theme/healthpainter.h"

#include <QWidget>

#include <vector>

class QPushButton;
class QVBoxLayout;

namespace gatehouse::ui {

class AttentionRow;
class SecondaryLabel;
class SectionHeading;
class Translated;

// What a person should look at, each with what can be done about it.
class AttentionPanel : public QWidget
{
    Q_OBJECT

public:
    explicit AttentionPanel(QWidget *parent = nullptr);

    void setItems(std::vector<admin::AttentionItem> items);
    const std::vector<admin::AttentionItem> &items() const { return m_items; }

    // The words of an item and of its button.
    static QString text(const admin::AttentionItem &item);
    static QString actionText(const admin::AttentionItem &item);

signals:
    void itemActivated(const gatehouse::admin::AttentionItem &item);

private:
    void setTexts();
    void arrange();
    AttentionRow *takeRow(const admin::AttentionItem &item);

    std::vector<admin::AttentionItem> m_items{};
    bool m_whole = false;
    SectionHeading *m_heading;
    SecondaryLabel *m_count;
    SecondaryLabel *m_empty;
    QWidget *m_rows;
    std::vector<AttentionRow *> m_shown{};
    QPushButton *m_more;
    QVBoxLayout *m_rowLayout;
    QVBoxLayout *m_layout;
    Translated *m_texts;
};

} // namespace gatehouse::ui
