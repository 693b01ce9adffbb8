#include "widgets/factgrid.h"

#include "theme/plaintip.h"
#include "theme/theme.h"
#include "widgets/buttons.h"
#include "widgets/secondarylabel.h"

#include <QGridLayout>

namespace gatehouse::ui {

namespace {

SecondaryLabel *makeFactLabel(const QString &text, bool plain, QWidget *parent)
{
    auto *label = new SecondaryLabel(text, TextRole::Small, parent);
    label->setTextFormat(Qt::PlainText);
    label->setPlain(plain);
    label->setWordWrap(plain);
    label->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    if (plain)
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    return label;
}

} // namespace

FactGrid::FactGrid(QWidget *parent)
    : QWidget(parent)
    , m_layout(new QGridLayout(this))
{
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setHorizontalSpacing(Theme::px(12));
    m_layout->setVerticalSpacing(Theme::px(6));
    m_layout->setColumnStretch(1, 1);
}

// What is the same stays, so that a selected text does not get lost by each refresh.
void FactGrid::setFacts(const QList<Fact> &facts)
{
    if (facts == m_facts)
        return;
    m_facts = facts;
    while (QLayoutItem *item = m_layout->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    for (int row = 0; row < facts.size(); ++row)
        addFact(facts[row], row);
}

void FactGrid::addFact(const Fact &fact, int row)
{
    const bool wide = fact.label.isEmpty();
    if (!wide)
        m_layout->addWidget(makeFactLabel(fact.label, false, this), row, 0, Qt::AlignTop);
    const int column = wide ? 0 : 1;
    const bool hasDoor = !fact.door.isEmpty();
    SecondaryLabel *text = makeFactLabel(fact.text, true, this);
    if (fact.tone)
        text->setTone(fact.tone);
    m_layout->addWidget(text, row, column, 1, (wide ? 2 : 1) + (hasDoor ? 0 : 1));
    if (!hasDoor)
        return;
    QPushButton *door = makeLinkButton(fact.door, this);
    door->setAccessibleName(fact.doorMeaning);
    door->setToolTip(plainTip(fact.doorMeaning));
    door->setMinimumWidth(Theme::px(24)); // a single digit can be hit, too
    connect(door, &QPushButton::clicked, this, [this, filter = fact.filter] {
        emit doorOpened(filter);
    });
    m_layout->addWidget(door, row, 2, Qt::AlignRight | Qt::AlignTop);
}

} // namespace gatehouse::ui
