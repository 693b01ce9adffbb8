#include "inspector/factlist.h"

#include "theme/plaintip.h"
#include "theme/theme.h"
#include "widgets/buttons.h"
#include "widgets/secondarylabel.h"

#include <QGridLayout>
#include <QPushButton>
#include <QToolButton>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

constexpr int rowHeight = 24;
constexpr int lineGap = 4; // above and below what takes several lines
constexpr qsizetype longestValue = 300;
constexpr qsizetype longestLink = 40;
constexpr qsizetype longestTip = 1'000;

QString shortened(const QString &text, qsizetype most)
{
    return text.size() > most ? QString(text.left(most - 1) + u'…') : text;
}

// One line without its middle, where it is longer than the label.
class IdLabel : public SecondaryLabel
{
public:
    IdLabel(const QString &id, QWidget *parent)
        : SecondaryLabel(TextRole::Fixed, parent)
        , m_id(id)
    {
        setPlain(true);
        setAccessibleName(id);
        setToolTip(plainTip(id));
        // Never wider than the whole, so that what follows stands beside it.
        setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Preferred);
        setText(id);
    }

    QSize sizeHint() const override
    {
        return {fontMetrics().horizontalAdvance(m_id) + 2 * indent() + 1, Theme::px(rowHeight)};
    }
    QSize minimumSizeHint() const override { return {Theme::px(60), Theme::px(rowHeight)}; }

protected:
    void resizeEvent(QResizeEvent *event) override
    {
        SecondaryLabel::resizeEvent(event);
        setText(fontMetrics().elidedText(m_id, Qt::ElideMiddle, width() - 2 * indent()));
    }

private:
    const QString m_id;
};

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

void FactList::addId(const QString &name, const QString &value, std::function<void()> copy)
{
    if (!value.isEmpty())
        m_facts.append({.name = name, .value = value, .run = std::move(copy), .isId = true});
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
        if (fact.isId)
            m_layout->addWidget(makeId(fact), row, 1, Qt::AlignTop);
        else if (fact.run)
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
    label->setContentsMargins(0, Theme::px(lineGap), 0, Theme::px(lineGap));
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

QWidget *FactList::makeId(const Fact &fact)
{
    auto *row = new QWidget(this);
    auto *layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(Theme::px(4));
    auto *label = new IdLabel(shortened(fact.value, longestValue), row);
    label->setIndent(Theme::px(2));
    QToolButton *copy = makeToolButton(u"copy"_s, tr("Copy: %1").arg(fact.name), row);
    connect(copy, &QToolButton::clicked, this, fact.run);
    layout->addWidget(label);
    layout->addWidget(copy);
    layout->addStretch();
    return row;
}

} // namespace gatehouse::ui
