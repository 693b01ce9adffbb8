#include "widgets/fields/tagedit.h"

#include "theme/icons.h"
#include "theme/plaintip.h"
#include "theme/theme.h"
#include "widgets/flowlayout.h"

#include <QAbstractItemView>
#include <QCompleter>
#include <QKeyEvent>
#include <QLineEdit>
#include <QPainter>
#include <QPushButton>
#include <QRegularExpression>
#include <QStringListModel>
#include <QStyleOptionFrame>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

// A tag that a click or the Delete key takes out.
class TagChip : public QAbstractButton
{
public:
    explicit TagChip(const QString &tag, QWidget *parent)
        : QAbstractButton(parent)
    {
        setText(tag);
        setFocusPolicy(Qt::ClickFocus);
        setAccessibleName(TagEdit::tr("Remove “%1”").arg(tag));
        setToolTip(plainTip(accessibleName()));
    }
    QSize sizeHint() const override
    {
        const QFontMetrics metrics(Theme::font(TextRole::Small));
        return {metrics.horizontalAdvance(text()) + Theme::px(7 + 4 + 12 + 5), Theme::px(24)};
    }
    QSize minimumSizeHint() const override { return {Theme::px(48), Theme::px(24)}; }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        const Palette &palette = Theme::current();
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(hasFocus() ? QPen(palette.link, 2) : QPen(palette.edge));
        painter.setBrush(underMouse() ? palette.hovered : palette.alternate);
        painter.drawRoundedRect(
            QRectF(rect()).adjusted(1, 2, -1, -2), Theme::exact(3), Theme::exact(3));
        const int side = Theme::px(chevronIcon);
        const QRect cross(width() - side - Theme::px(5), (height() - side) / 2, side, side);
        paintIcon(&painter, cross, u"x", palette.secondary);
        const QFont font = Theme::font(TextRole::Small);
        painter.setFont(font);
        painter.setPen(isEnabled() ? palette.text : palette.disabled);
        const QRect room(Theme::px(7), 0, cross.left() - Theme::px(9), height());
        painter.drawText(room,
                         Qt::AlignVCenter | Qt::AlignLeft,
                         QFontMetrics(font).elidedText(text(), Qt::ElideMiddle, room.width() + 2));
    }
};

} // namespace

TagEdit::TagEdit(QWidget *parent)
    : QWidget(parent)
    , m_layout(new FlowLayout(this))
    , m_text(new QLineEdit(this))
    , m_completer(new QCompleter(this))
    , m_model(new QStringListModel(this))
{
    m_layout->setContentsMargins(Theme::px(4), Theme::px(3), Theme::px(4), Theme::px(3));
    m_text->setFrame(false);
    m_text->setMinimumWidth(Theme::px(96));
    m_text->setFixedHeight(Theme::px(22));
    m_text->setAttribute(Qt::WA_MacShowFocusRect, false);
    m_layout->addWidget(m_text);
    setFocusProxy(m_text);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Minimum);
    m_completer->setModel(m_model);
    m_completer->setCaseSensitivity(Qt::CaseInsensitive);
    m_completer->setFilterMode(Qt::MatchContains);
    m_text->setCompleter(m_completer);
    m_text->installEventFilter(this);
    // Which takes the keys while it is open, and asks this before the completer.
    m_completer->popup()->installEventFilter(this);
    // After the line edit has taken over the proposal.
    connect(
        m_completer,
        qOverload<const QString &>(&QCompleter::activated),
        this,
        [this](const QString &tag) {
            add(tag);
            m_text->clear();
        },
        Qt::QueuedConnection);
    connect(m_text, &QLineEdit::textEdited, this, [this](const QString &text) {
        if (text.contains(u',') || text.contains(u'\n'))
            commitText();
    });
}

void TagEdit::setTags(const QStringList &tags)
{
    if (m_tags == tags)
        return;
    m_tags = tags;
    m_tags.removeDuplicates();
    rebuild();
}

void TagEdit::setProposals(const QStringList &proposals)
{
    m_proposals = proposals;
    m_model->setStringList(proposals);
}

void TagEdit::setPlaceholderText(const QString &text)
{
    m_placeholder = text;
    showPlaceholder();
}

// It tells what having no tag means.
void TagEdit::showPlaceholder()
{
    m_text->setPlaceholderText(m_tags.isEmpty() ? m_placeholder : QString());
}

QStringList TagEdit::entered() const
{
    const QString text = m_text->text();
    return text.trimmed().isEmpty() ? m_tags : m_tags + QStringList(text);
}

void TagEdit::commitText()
{
    const QString text = m_text->text();
    m_text->clear();
    static const QRegularExpression separators(u"[,\\n]"_s);
    const QStringList parts = text.split(separators, Qt::SkipEmptyParts);
    for (const QString &part : parts)
        add(part);
}

void TagEdit::add(const QString &text)
{
    const QString tag = text.trimmed();
    if (tag.isEmpty() || m_tags.contains(tag))
        return;
    if (m_proposalsOnly && !m_proposals.contains(tag)) {
        m_text->setText(tag);
        return;
    }
    m_tags.append(tag);
    rebuild();
    emit tagsChanged();
}

void TagEdit::remove(const QString &tag)
{
    if (m_tags.removeAll(tag) == 0)
        return;
    rebuild();
    m_text->setFocus();
    emit tagsChanged();
}

void TagEdit::rebuild()
{
    for (QWidget *chip : std::as_const(m_chips)) {
        m_layout->removeWidget(chip);
        chip->hide();
        chip->deleteLater();
    }
    m_chips.clear();
    m_layout->removeWidget(m_text);
    for (const QString &tag : std::as_const(m_tags)) {
        auto *chip = new TagChip(tag, this);
        chip->installEventFilter(this);
        connect(chip, &QAbstractButton::clicked, this, [this, tag] { remove(tag); });
        m_layout->addWidget(chip);
        chip->setVisible(true);
        m_chips.append(chip);
    }
    m_layout->addWidget(m_text);
    showPlaceholder();
    nameText();
    updateGeometry();
    // Now: in a field of the same height, nothing else would place the chips.
    m_layout->invalidate();
    m_layout->activate();
}

// What is in the field is read out with the text field, which has the focus.
void TagEdit::nameText()
{
    m_text->setAccessibleName(accessibleName());
    QStringList parts{m_tags.join(u", "_s), accessibleDescription()};
    parts.removeAll(QString());
    m_text->setAccessibleDescription(parts.join(u' '));
}

bool TagEdit::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_text
        && (event->type() == QEvent::FocusIn || event->type() == QEvent::FocusOut)) {
        nameText();
        if (event->type() == QEvent::FocusOut && !m_completer->popup()->isVisible())
            commitText();
        update();
    }
    if (event->type() != QEvent::KeyPress)
        return QWidget::eventFilter(watched, event);
    const int key = static_cast<QKeyEvent *>(event)->key();
    const bool back = key == Qt::Key_Backspace;
    const bool enter = key == Qt::Key_Return || key == Qt::Key_Enter;
    QAbstractItemView *popup = m_completer->popup();
    // What was typed counts, unless one of the proposals was chosen.
    const bool chose = popup->isVisible() && popup->currentIndex().isValid();
    if (enter && !chose && !m_text->text().isEmpty() && (watched == m_text || watched == popup)) {
        popup->hide();
        commitText();
        return true;
    }
    if (watched == m_text) {
        if (!m_text->text().isEmpty() || m_chips.isEmpty() || (!back && key != Qt::Key_Left))
            return false;
        if (back)
            remove(m_tags.back());
        else
            m_chips.back()->setFocus();
        return true;
    }
    const qsizetype chip = m_chips.indexOf(static_cast<QWidget *>(watched));
    if (chip < 0)
        return QWidget::eventFilter(watched, event);
    if (back || key == Qt::Key_Delete)
        remove(m_tags.at(chip));
    else if (key == Qt::Key_Left)
        m_chips.at(qMax<qsizetype>(0, chip - 1))->setFocus();
    else if (key == Qt::Key_Right)
        (chip + 1 < m_chips.size() ? m_chips.at(chip + 1) : m_text)->setFocus();
    else
        return false;
    return true;
}

void TagEdit::paintEvent(QPaintEvent *event)
{
    Q_UNUSED(event)
    QPainter painter(this);
    QStyleOptionFrame option;
    option.initFrom(this);
    option.lineWidth = 1;
    if (m_text->hasFocus())
        option.state |= QStyle::State_HasFocus;
    style()->drawPrimitive(QStyle::PE_PanelLineEdit, &option, &painter, this);
}

void TagEdit::mousePressEvent(QMouseEvent *event)
{
    QWidget::mousePressEvent(event);
    m_text->setFocus();
}

void TagEdit::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::LanguageChange)
        rebuild();
}

} // namespace gatehouse::ui
