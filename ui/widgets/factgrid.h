#pragma once

#include "theme/palette.h"

#include <QList>
#include <QWidget>

#include <optional>

class QGridLayout;

namespace gatehouse::ui {

// Something that is known of what is selected, such as a channel.
struct Fact
{
    QString label{}; // at the left, in the secondary colour; empty: the text takes the whole width
    QString text{};
    std::optional<Tone> tone{}; // of the text; absent: that of any text
    // A number at the right that leads to Traffic, and the filter behind it; empty: there is none.
    QString door{};
    QString filter{};
    QString doorMeaning{}; // for the screen reader

    bool operator==(const Fact &) const = default;
};

// Facts under each other, with their labels in a column of their own. Texts can be selected.
class FactGrid : public QWidget
{
    Q_OBJECT

public:
    explicit FactGrid(QWidget *parent = nullptr);

    void setFacts(const QList<Fact> &facts);
    const QList<Fact> &facts() const { return m_facts; }

signals:
    void doorOpened(const QString &filter);

private:
    void addFact(const Fact &fact, int row);

    QGridLayout *m_layout = nullptr;
    QList<Fact> m_facts{};
};

} // namespace gatehouse::ui
