#include "inspector/factlist.h"

#include "theme/plaintip.h"
#include "theme/theme.h"
#include "widgets/buttons.h"
#include "widgets/secondarylabel.h"

#include <QGridLayout>
#include <QPushButton>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

constexpr int rowHeight = 24;
constexpr qsizetype longestValue = 300;
constexpr qsizetype longestLink = 40;
constexpr qsizetype longestTip = 1'000;

QString shortened(const QString &text, qsizetype most)
{
    return text.size() > most ? QString(text.left(most - 1) + u'…') : text;
}

} // namespace

FactList::FactList(QWidget *parent)
    : QWidget(parent)
    , m_layout(new QGridLayout(this))
{
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setHorizontalSpacing(Theme::px(12));
    m_layout->setVerticalSpacing(0);
    m_layout->setColumnStretch(1, 1);
}

void FactList::begin()
{
    m_facts.clear();
}

void FactList::clear()
{
    while (QLayoutItem *item = m_layout->takeAt(0)) {
        if (item->widget()) {
            item->widget()->hide();
            item->widget()->deleteLater();
        }
        delete item;
    }
}

void FactList::add(const QString &name, const QString &value, const QString &toolTip)
{
    if (!value.isEmpty())
        m_facts.append({.name = name, .value = value, .toolTip = toolTip});
}

void FactList::addLink(const QString &name, const QString &value, std::function<void()> run)
{
    if (!value.isEmpty())
        m_facts.append({.name = name, .value = value, .run = std::move(run)});
}

void FactList::finish()
{
    QStringList lines;
    for (const Fact &fact : std::as_const(m_facts))
        lines.append(fact.name + u": "_s + fact.value);
    if (lines == m_lines)
        return;
    clear();
    m_lines = lines;
    int row = 0;
    for (const Fact &fact : std::as_const(m_facts)) {
        auto *label = new SecondaryLabel(fact.name, TextRole::Small, this);
        label->setMinimumHeight(Theme::px(rowHeight));
        label->setAlignment(Qt::AlignLeft | Qt::AlignVCenter);
        m_layout->addWidget(label, row, 0, Qt::AlignTop);
        if (fact.run)
            m_layout->addWidget(makeLink(fact), row, 1, Qt::AlignLeft | Qt::AlignTop);
        else
            m_layout->addWidget(makeValue(fact), row, 1, Qt::AlignTop);
        ++row;
    }
}

QWidget *FactList::makeValue(const Fact &fact)
{
    auto *label = new SecondaryLabel(shortened(fact.value, longestValue), TextRole::Small, this);
    label->setPlain(true);
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    label->setMinimumHeight(Theme::px(rowHeight));
    label->setAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    label->setIndent(Theme::px(2)); // as links have it
    QSizePolicy policy(QSizePolicy::Ignored, QSizePolicy::Minimum);
    policy.setHeightForWidth(true);
    label->setSizePolicy(policy);
    const QString tip = fact.toolTip.isEmpty() && fact.value.size() > longestValue
                            ? fact.value.left(longestTip)
                            : fact.toolTip;
    label->setToolTip(plainTip(tip));
    return label;
}

QWidget *FactList::makeLink(const Fact &fact)
{
    // A button takes & for the mark of a key.
    QString text = shortened(fact.value, longestLink);
    QPushButton *button = makeLinkButton(text.replace(u'&', u"&&"_s), this);
    button->setAccessibleName(shortened(u"%1: %2"_s.arg(fact.name, fact.value), longestTip));
    if (fact.value.size() > longestLink)
        button->setToolTip(plainTip(fact.value.left(longestTip)));
    connect(button, &QPushButton::clicked, this, fact.run);
    return button;
}

} // namespace gatehouse::ui
