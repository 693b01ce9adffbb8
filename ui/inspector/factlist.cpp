#include "inspector/factlist.h"

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

void FactList::clear()
{
    while (QLayoutItem *item = m_layout->takeAt(0)) {
        if (item->widget()) {
            item->widget()->hide();
            item->widget()->deleteLater();
        }
        delete item;
    }
    m_lines.clear();
    m_row = 0;
}

void FactList::addRow(const QString &name, const QString &value, QWidget *shown)
{
    auto *label = new SecondaryLabel(name, TextRole::Small, this);
    label->setMinimumHeight(Theme::px(rowHeight));
    label->setAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_layout->addWidget(label, m_row, 0, Qt::AlignTop);
    const bool isButton = qobject_cast<QPushButton *>(shown) != nullptr;
    m_layout->addWidget(shown, m_row, 1, isButton ? Qt::AlignLeft | Qt::AlignTop : Qt::AlignTop);
    ++m_row;
    m_lines.append(name + u": "_s + value);
}

void FactList::add(const QString &name, const QString &value, const QString &toolTip)
{
    if (value.isEmpty())
        return;
    auto *label = new SecondaryLabel(shortened(value, longestValue), TextRole::Small, this);
    label->setPlain(true);
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    label->setMinimumHeight(Theme::px(rowHeight));
    label->setAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    label->setIndent(Theme::px(2)); // as links have it
    QSizePolicy policy(QSizePolicy::Ignored, QSizePolicy::Minimum);
    policy.setHeightForWidth(true);
    label->setSizePolicy(policy);
    const QString tip =
        toolTip.isEmpty() && value.size() > longestValue ? value.left(longestTip) : toolTip;
    label->setToolTip(tip.toHtmlEscaped());
    addRow(name, value, label);
}

void FactList::addLink(const QString &name, const QString &value, std::function<void()> run)
{
    if (value.isEmpty())
        return;
    // A button takes & for the mark of a key.
    QString text = shortened(value, longestLink);
    QPushButton *button = makeLinkButton(text.replace(u'&', u"&&"_s), this);
    button->setAccessibleName(shortened(u"%1: %2"_s.arg(name, value), longestTip));
    if (value.size() > longestLink)
        button->setToolTip(value.left(longestTip).toHtmlEscaped());
    connect(button, &QPushButton::clicked, this, std::move(run));
    addRow(name, value, button);
}

} // namespace gatehouse::ui
