#include "widgets/fields/chiprow.h"

#include "theme/plaintip.h"
#include "theme/style.h"
#include "theme/theme.h"
#include "widgets/flowlayout.h"

#include <QButtonGroup>
#include <QHBoxLayout>
#include <QLocale>
#include <QMenu>
#include <QPainter>
#include <QPushButton>
#include <QStyleOptionButton>

namespace gatehouse::ui {

namespace {

// A small button with a number of less weight behind its text.
class ChipButton : public QPushButton
{
public:
    explicit ChipButton(QWidget *parent)
        : QPushButton(parent)
    {
        setCheckable(true);
        setSmall(this);
        setFont(Theme::font(TextRole::Small));
    }

    void setNumber(const QString &number)
    {
        m_number = number;
        updateGeometry();
        update();
    }
    QSize sizeHint() const override
    {
        const QFontMetrics metrics = fontMetrics();
        const int number =
            m_number.isEmpty() ? 0 : metrics.horizontalAdvance(m_number) + Theme::px(6);
        return {metrics.horizontalAdvance(text()) + number + 2 * Theme::px(9), Theme::px(24)};
    }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        QStyleOptionButton option;
        initStyleOption(&option);
        option.text.clear();
        style()->drawControl(QStyle::CE_PushButton, &option, &painter, this);
        if (isChecked())
            paintEdge(&painter);
        QRect room = rect().adjusted(Theme::px(9), 0, -Theme::px(9), 0);
        QFont strong = font();
        strong.setWeight(isChecked() ? QFont::Medium : QFont::Normal);
        painter.setFont(strong);
        painter.setPen(Theme::current().text);
        painter.drawText(room, Qt::AlignVCenter | Qt::AlignLeft, text());
        painter.setFont(font());
        painter.setPen(Theme::current().secondary);
        painter.drawText(room, Qt::AlignVCenter | Qt::AlignRight, m_number);
    }

private:
    // The fill alone hardly tells it from the others where all is dark.
    void paintEdge(QPainter *painter) const
    {
        constexpr double radius = 4;
        const double width = Theme::exact(1);
        const double inset = width / 2;
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setPen(QPen(Theme::current().link, width));
        painter->setBrush(Qt::NoBrush);
        painter->drawRoundedRect(QRectF(rect()).adjusted(inset, inset, -inset, -inset),
                                 Theme::exact(radius) - inset,
                                 Theme::exact(radius) - inset);
        painter->restore();
    }

    QString m_number{};
};

} // namespace

ChipRow::ChipRow(QWidget *parent)
    : QWidget(parent)
    , m_layout(new QHBoxLayout(this))
    , m_buttons(new QWidget(this))
    , m_group(new QButtonGroup(this))
{
    m_layout->setContentsMargins(Theme::px(16), 0, Theme::px(12), 0);
    m_layout->setSpacing(Theme::px(8));
    auto *flow = new FlowLayout(m_buttons);
    flow->setContentsMargins(0, 0, 0, 0);
    flow->setSpacing(Theme::px(6));
    QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    policy.setHeightForWidth(true);
    m_buttons->setSizePolicy(policy);
    m_layout->addWidget(m_buttons, 1);
    m_group->setExclusive(false);
}

void ChipRow::setChips(const QList<Chip> &chips)
{
    if (m_chips == chips)
        return;
    m_chips = chips;
    rebuild();
}

void ChipRow::rebuild()
{
    const QString present = current();
    const QList<QAbstractButton *> old = m_group->buttons();
    for (QAbstractButton *button : old) {
        // Later: it may be its own click that changes the row.
        m_group->removeButton(button);
        m_buttons->layout()->removeWidget(button);
        button->setObjectName({});
        button->hide();
        button->deleteLater();
    }
    for (const Chip &chip : std::as_const(m_chips)) {
        auto *button = new ChipButton(this);
        button->setObjectName(chip.id);
        button->setText(chip.text);
        button->setToolTip(plainTip(chip.toolTip));
        button->setNumber(chip.count ? QLocale().toString(*chip.count) : QString());
        button->setAccessibleName(chip.count ? tr("%1, %2", "a saved filter and its count")
                                                   .arg(chip.text, QLocale().toString(*chip.count))
                                             : chip.text);
        button->setChecked(chip.id == present);
        connect(button, &QPushButton::clicked, this, [this, id = chip.id](bool down) {
            setCurrent(down ? id : QString());
            emit chosen(down ? id : QString());
        });
        if (chip.removable) {
            button->setContextMenuPolicy(Qt::CustomContextMenu);
            connect(button,
                    &QWidget::customContextMenuRequested,
                    this,
                    [this, button, id = chip.id](const QPoint &place) {
                        openMenu(id, button->mapToGlobal(place));
                    });
        }
        m_group->addButton(button);
        m_buttons->layout()->addWidget(button);
    }
}

// Belongs to the row: the chip may be gone before its menu is.
void ChipRow::openMenu(const QString &id, const QPoint &place)
{
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(tr("Rename this filter…"), this, [this, id] { emit renameRequested(id); });
    menu->addAction(tr("Remove this filter"), this, [this, id] { emit removalRequested(id); });
    menu->popup(place);
}

void ChipRow::setCount(const QString &id, qint64 count, bool isWhole)
{
    for (qsizetype i = 0; i < m_chips.size(); ++i) {
        if (m_chips.at(i).id != id)
            continue;
        m_chips[i].count = count;
        const QString number =
            isWhole ? QLocale().toString(count) : QString(QLocale().toString(count) + u'+');
        auto *button = static_cast<ChipButton *>(m_group->buttons().at(i));
        button->setNumber(number);
        button->setAccessibleName(
            tr("%1, %2", "a saved filter and its count").arg(m_chips.at(i).text, number));
    }
}

void ChipRow::setCurrent(const QString &id)
{
    const QList<QAbstractButton *> buttons = m_group->buttons();
    for (QAbstractButton *button : buttons)
        button->setChecked(button->objectName() == id && !id.isEmpty());
}

QString ChipRow::current() const
{
    const QList<QAbstractButton *> buttons = m_group->buttons();
    for (const QAbstractButton *button : buttons) {
        if (button->isChecked())
            return button->objectName();
    }
    return {};
}

void ChipRow::addWidget(QWidget *widget)
{
    m_layout->addWidget(widget);
}

} // namespace gatehouse::ui
