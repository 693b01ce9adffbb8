#include "widgets/fields/form.h"

#include "theme/style.h"
#include "theme/theme.h"
#include "widgets/buttons.h"
#include "widgets/fields/unitfield.h"
#include "widgets/fields/wheelguard.h"
#include "widgets/secondarylabel.h"
#include "widgets/sectionheading.h"

#include <QComboBox>
#include <QEvent>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QScrollArea>
#include <QVBoxLayout>

namespace gatehouse::ui {

void limitWidth(QComboBox *box)
{
    constexpr int characters = 20;
    box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    box->setMinimumContentsLength(characters);
}

Form::Form(QWidget *parent)
    : QWidget(parent)
    , m_layout(new QFormLayout(this))
{
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setHorizontalSpacing(Theme::px(12));
    m_layout->setVerticalSpacing(Theme::px(11));
    m_layout->setLabelAlignment(Qt::AlignRight | Qt::AlignTop);
    m_layout->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    m_layout->setRowWrapPolicy(QFormLayout::DontWrapRows);
    m_settling.setSingleShot(true);
    m_settling.setInterval(0);
    connect(&m_settling, &QTimer::timeout, this, &Form::settle);
}

void Form::addField(QWidget *field, Text label, Text help)
{
    addRow({.field = field, .labelText = std::move(label), .helpText = std::move(help)}, field);
}

void Form::addLine(const QList<QWidget *> &controls, Text label, Text help)
{
    auto *line = new QWidget(this);
    auto *layout = new QHBoxLayout(line);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(Theme::px(8));
    bool grows = false;
    for (QWidget *control : controls) {
        layout->addWidget(control);
        grows = grows || control->sizePolicy().expandingDirections().testFlag(Qt::Horizontal);
    }
    if (!grows)
        layout->addStretch();
    addRow({.field = controls.front(), .labelText = std::move(label), .helpText = std::move(help)},
           line);
}

void Form::addControl(QWidget *control, Text help)
{
    addRow({.field = control, .helpText = std::move(help)}, control);
}

void Form::addWide(QWidget *widget)
{
    m_layout->addRow(widget);
    WheelGuard::guard(widget);
}

void Form::addSection(Text title)
{
    auto *heading = new SectionHeading(title(), this);
    m_sections.append({heading, std::move(title)});
    m_layout->addRow(heading);
}

void Form::addRow(Row row, QWidget *content)
{
    row.whole = new QWidget(this);
    auto *stack = new QVBoxLayout(row.whole);
    stack->setContentsMargins(0, 0, 0, 0);
    stack->setSpacing(Theme::px(3));
    stack->addWidget(content);
    WheelGuard::guard(row.whole);
    row.note = new SecondaryLabel(TextRole::Small, row.whole);
    row.note->setWordWrap(true);
    stack->addWidget(row.note);
    if (row.labelText) {
        row.label = new QLabel(this);
        // On a line with the text of a field of one line.
        const int above = (Theme::px(28) - row.label->fontMetrics().height()) / 2;
        row.label->setContentsMargins(0, above, 0, 0);
        row.label->setAlignment(Qt::AlignRight | Qt::AlignTop);
        row.label->setBuddy(row.field);
        m_layout->addRow(row.label, row.whole);
    } else {
        m_layout->addRow(QString(), row.whole);
    }
    m_rows.append(row);
    if (auto *unit = qobject_cast<UnitField *>(row.field)) {
        const auto review = [this, unit] {
            setError(unit, unit->text().isEmpty() ? QString() : unit->problem());
        };
        connect(unit, &QLineEdit::textChanged, this, review);
    }
    refresh(m_rows.back(), true);
}

void Form::refresh(Row &row, bool retranslate)
{
    if (retranslate && row.label) {
        const QString text = row.labelText();
        const QString before = row.label->text();
        row.label->setText(text);
        // A compound field is read out by the part that takes its focus.
        for (QWidget *named : {row.field, row.field->focusProxy()}) {
            if (named
                && (named->accessibleName().isEmpty()
                    || named->accessibleName() == withoutMnemonic(before)))
                named->setAccessibleName(withoutMnemonic(text));
        }
    }
    if (retranslate && row.helpText)
        row.help = row.helpText();
    const bool wrong = showsError(row);
    row.note->setTone(wrong ? std::optional(Tone::Failure) : std::nullopt);
    row.note->setText(wrong ? row.error : row.help);
    row.note->setVisible(!row.note->text().isEmpty());
    for (QWidget *described : {row.field, row.field->focusProxy()}) {
        if (described)
            described->setAccessibleDescription(row.note->text());
    }
    m_settling.start();
    setInvalid(row.field, wrong);
}

void Form::setHelp(QWidget *field, const QString &text)
{
    if (Row *row = rowOf(field)) {
        row->helpText = {};
        row->help = text;
        refresh(*row, false);
    }
}

void Form::setError(QWidget *field, const QString &text)
{
    setError(field, text, false);
}

void Form::setMissing(QWidget *field, const QString &text)
{
    setError(field, text, true);
}

void Form::setError(QWidget *field, const QString &text, bool isMissing)
{
    Row *row = rowOf(field);
    // What is missing may have become an error to be shown by an edit that left the field empty.
    if (!row || (row->error == text && !isMissing && !row->isMissing))
        return;
    row->error = text;
    row->isMissing = isMissing;
    refresh(*row, false);
}

bool Form::showsError(const Row &row) const
{
    const auto *line = qobject_cast<const QLineEdit *>(row.field);
    return !row.error.isEmpty()
           && (!row.isMissing || m_showsMissing || (line && line->isModified()));
}

QString Form::error(QWidget *field) const
{
    const Row *row = rowOf(field);
    return row ? row->error : QString();
}

bool Form::hasErrors() const
{
    return std::any_of(
        m_rows.begin(), m_rows.end(), [](const Row &row) { return !row.error.isEmpty(); });
}

QString Form::firstError() const
{
    const auto found = std::find_if(
        m_rows.begin(), m_rows.end(), [](const Row &row) { return !row.error.isEmpty(); });
    return found == m_rows.end() ? QString() : found->error;
}

void Form::focusFirstError()
{
    m_showsMissing = true;
    for (Row &row : m_rows) {
        if (row.isMissing)
            refresh(row, false);
    }
    for (const Row &row : std::as_const(m_rows)) {
        if (!row.error.isEmpty()) {
            row.field->setFocus(Qt::TabFocusReason);
            return;
        }
    }
}

void Form::setFieldVisible(QWidget *field, bool visible)
{
    if (const Row *row = rowOf(field))
        m_layout->setRowVisible(row->whole, visible);
    m_settling.start();
}

QScrollArea *Form::scrollArea() const
{
    for (QWidget *each = parentWidget(); each; each = each->parentWidget()) {
        if (auto *area = qobject_cast<QScrollArea *>(each))
            return area->widget() && area->widget()->layout() ? area : nullptr;
    }
    return nullptr;
}

// A scrolled form that grew is given its height; its wrapped texts would be cut until the next change.
void Form::settle()
{
    QScrollArea *area = scrollArea();
    if (!area || !isVisible())
        return;
    for (const Row &row : std::as_const(m_rows)) {
        row.whole->layout()->invalidate();
        row.whole->updateGeometry();
    }
    m_layout->invalidate();
    updateGeometry();
    area->widget()->layout()->invalidate();
    area->widget()->installEventFilter(this); // once, however often
    fitScrolled();
}

// Follows what else is in the scroll area, too.
void Form::fitScrolled()
{
    QScrollArea *area = scrollArea();
    if (!area || !area->isVisible())
        return;
    QLayout *layout = area->widget()->layout();
    layout->activate();
    const int height = layout->hasHeightForWidth()
                           ? layout->totalHeightForWidth(area->viewport()->width())
                           : layout->totalMinimumSize().height();
    area->widget()->setMinimumHeight(height);
}

bool Form::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::LayoutRequest)
        QTimer::singleShot(0, this, &Form::fitScrolled);
    return QWidget::eventFilter(watched, event);
}

bool Form::event(QEvent *event)
{
    if (event->type() == QEvent::Show || event->type() == QEvent::Resize)
        m_settling.start();
    return QWidget::event(event);
}

Form::Row *Form::rowOf(const QWidget *field)
{
    return const_cast<Row *>(std::as_const(*this).rowOf(field));
}

const Form::Row *Form::rowOf(const QWidget *field) const
{
    const auto found = std::find_if(
        m_rows.begin(), m_rows.end(), [field](const Row &row) { return row.field == field; });
    return found == m_rows.end() ? nullptr : &*found;
}

void Form::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() != QEvent::LanguageChange)
        return;
    for (Row &row : m_rows)
        refresh(row, true);
    for (const auto &[heading, title] : std::as_const(m_sections))
        heading->setText(title());
}

} // namespace gatehouse::ui
