#include "preferences/settingrow.h"

#include "admin/flow.h"
#include "preferences/settingeditor.h"
#include "preferences/settingtext.h"
#include "theme/plaintip.h"
#include "theme/theme.h"
#include "widgets/buttons.h"
#include "widgets/secondarylabel.h"
#include "widgets/translated.h"

#include <QAccessible>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QPainter>
#include <QPlainTextEdit>

#include <utility>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

using admin::SettingView;
using base::Result;

namespace {

// Whether the field keeps no step that the key, one of Undo and Redo, would take.
bool hasNothingToTake(QObject *field, const QKeyEvent &key)
{
    const bool isUndo = key.matches(QKeySequence::Undo);
    if (!isUndo && !key.matches(QKeySequence::Redo))
        return false;
    if (const auto *line = qobject_cast<QLineEdit *>(field))
        return isUndo ? !line->isUndoAvailable() : !line->isRedoAvailable();
    if (const auto *area = qobject_cast<QPlainTextEdit *>(field))
        return isUndo ? !area->document()->isUndoAvailable() : !area->document()->isRedoAvailable();
    return false;
}

} // namespace

SettingRow::SettingRow(const QString &key, SettingsStore &store, QWidget *parent)
    : SettingRow(key, nullptr, store, {}, parent)
{}

SettingRow::SettingRow(const QString &key,
                       SettingEditor *editor,
                       SettingsStore &store,
                       std::function<QString()> label,
                       QWidget *parent)
    : QWidget(parent)
    , m_key(key)
    , m_store(store)
    , m_editor(editor)
    , m_labelText(std::move(label))
{
    if (!m_editor)
        m_editor = SettingEditor::make(m_store.find(key).value_or(SettingView{}), this);
    build();
    connect(m_editor, &SettingEditor::edited, this, &SettingRow::edited);
    connect(m_editor, &SettingEditor::committed, this, &SettingRow::commit);
    connect(&m_store, &SettingsStore::changed, this, &SettingRow::refresh);
    constexpr std::chrono::milliseconds glow(1500);
    m_glow.setSingleShot(true);
    m_glow.setInterval(glow);
    connect(&m_glow, &QTimer::timeout, this, qOverload<>(&QWidget::update));
    (new Translated(this))->add([this] { setTexts(); });
}

void SettingRow::build()
{
    setObjectName(m_key);
    m_label = new QLabel(this);
    m_label->setTextFormat(Qt::PlainText);
    m_label->setWordWrap(true);
    m_label->setFixedWidth(Theme::px(128));
    m_label->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    m_label->setContentsMargins(0, (Theme::px(28) - m_label->fontMetrics().height()) / 2, 0, 0);
    m_label->setBuddy(m_editor->control());
    m_note = new SecondaryLabel(TextRole::Small, this);
    m_problem = new SecondaryLabel(TextRole::Small, this);
    m_problem->setTone(Tone::Failure);
    m_note->setObjectName(u"note"_s);
    m_problem->setObjectName(u"problem"_s);
    for (SecondaryLabel *label : {m_note, m_problem}) {
        label->setTextFormat(Qt::PlainText);
        label->setWordWrap(true);
    }
    m_reset = new LinkButton(this);
    m_reset->setObjectName(u"reset"_s);
    connect(m_reset, &QPushButton::clicked, this, &SettingRow::reset);
    QSizePolicy kept = m_reset->sizePolicy();
    kept.setRetainSizeWhenHidden(true);
    m_reset->setSizePolicy(kept);
    for (QWidget *watched : m_editor->findChildren<QWidget *>())
        watched->installEventFilter(this);

    auto *column = new QVBoxLayout;
    column->setSpacing(Theme::px(3));
    column->addWidget(m_editor);
    column->addWidget(m_problem);
    column->addWidget(m_note);
    column->addStretch(1);
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(Theme::px(18), Theme::px(5), Theme::px(8), Theme::px(5));
    layout->setSpacing(Theme::px(12));
    layout->addWidget(m_label, 0, Qt::AlignTop);
    layout->addLayout(column, 1);
    layout->addWidget(m_reset, 0, Qt::AlignTop);
}

void SettingRow::setHelp(std::function<QString()> help)
{
    m_helpText = std::move(help);
    showNotes();
}

void SettingRow::setPart(std::function<QString(const QString &, const QString &)> restored)
{
    m_restored = std::move(restored);
    refresh();
}

void SettingRow::setTexts()
{
    const SettingView setting = m_store.find(m_key).value_or(SettingView{});
    m_label->setText(m_labelText ? m_labelText() : setting.label);
    m_reset->setText(tr("Reset"));
    m_reset->setAccessibleName(tr("Reset: %1").arg(m_label->text()));
    m_editor->retranslate(setting);
    refresh();
}

// What is being entered stays.
void SettingRow::refresh()
{
    const SettingView setting = m_store.find(m_key).value_or(SettingView{});
    m_locked = !m_store.lockReason(setting).isEmpty();
    m_modified =
        setting.isModified
        && (!m_restored || m_restored(setting.value, setting.defaultValue) != setting.value);
    m_editor->setEnabled(!m_locked);
    for (const admin::SettingChoice &choice : setting.choices)
        m_editor->lockChoice(choice.value, m_store.lockReason(setting, choice.value));
    m_reset->setVisible(m_modified && !m_locked);
    m_reset->setToolTip(plainTip(
        SettingText::tr("Default: %1").arg(SettingText::value(setting, setting.defaultValue))));
    m_label->setToolTip(SettingText::toolTip(setting));
    m_editor->setToolTip(SettingText::toolTip(setting));
    if (!m_dirty && m_storing == 0)
        m_editor->setValue(setting.value);
    showNotes();
    update();
}

void SettingRow::showNotes()
{
    const SettingView setting = m_store.find(m_key).value_or(SettingView{});
    QStringList notes;
    if (m_helpText)
        notes.append(m_helpText());
    else if (!m_editor->showsDescription())
        notes.append(setting.description);
    if (setting.restartsProgram)
        notes.append(tr("Takes effect when Gatehouse starts next."));
    if (const QString reason = m_store.lockReason(setting); !reason.isEmpty())
        notes.append(reason);
    for (const admin::SettingChoice &choice : setting.choices)
        notes.append(m_store.lockReason(setting, choice.value));
    notes.removeAll(QString());
    m_note->setText(notes.join(u'\n'));
    m_note->setVisible(!notes.isEmpty());
    m_problem->setText(m_error);
    m_problem->setVisible(!m_error.isEmpty());
    m_editor->showInvalid(!m_error.isEmpty());
    QStringList described{m_error, notes.join(u' ')};
    if (m_modified)
        described.append(tr("Changed from its default."));
    described.append(setting.key);
    described.removeAll(QString());
    m_editor->setNames(m_label->text(), described.join(u' '));
    if (std::exchange(m_toldPending, m_dirty) != m_dirty)
        emit pendingChanged(m_dirty);
}

void SettingRow::edited()
{
    m_dirty = true;
    m_error = m_editor->problem();
    showNotes();
}

// Leaving a field in which nothing was entered stores nothing.
void SettingRow::commit()
{
    const SettingView setting = m_store.find(m_key).value_or(SettingView{});
    m_error = m_editor->problem();
    if (m_error.isEmpty() && m_editor->value() == setting.value) {
        m_dirty = false;
        return refresh();
    }
    if (!m_error.isEmpty())
        return showNotes();
    ++m_storing;
    admin::whenDone(
        m_store.change(m_key, m_editor->value()), this, [this](const Result<> &outcome) {
            --m_storing;
            finish(outcome);
        });
}

void SettingRow::finish(const Result<> &outcome)
{
    if (m_storing > 0)
        return;
    m_dirty = !outcome;
    m_error = outcome ? QString() : outcome.error().message.translated();
    refresh();
    if (outcome)
        return;
    QAccessibleEvent alert(m_problem, QAccessible::Alert);
    QAccessible::updateAccessibility(&alert);
}

void SettingRow::reset()
{
    m_dirty = false;
    m_error.clear();
    m_editor->control()->setFocus(Qt::OtherFocusReason);
    ++m_storing;
    const SettingView setting = m_store.find(m_key).value_or(SettingView{});
    const QString restored =
        m_restored ? m_restored(setting.value, setting.defaultValue) : setting.defaultValue;
    const bool isWhole = restored == setting.defaultValue;
    admin::whenDone((isWhole ? m_store.changeBack(m_key) : m_store.changeAll({{m_key, restored}})),
                    this,
                    [this](const Result<> &outcome) {
                        --m_storing;
                        finish(outcome);
                    });
}

bool SettingRow::matches(const QString &text) const
{
    const SettingView setting = m_store.find(m_key).value_or(SettingView{});
    const QString found = SettingText::searched(setting) + u'\n' + m_label->text();
    const QStringList words = text.split(u' ', Qt::SkipEmptyParts);
    return std::all_of(words.begin(), words.end(), [&found](const QString &word) {
        return found.contains(word, Qt::CaseInsensitive);
    });
}

void SettingRow::draw()
{
    m_editor->control()->setFocus(Qt::OtherFocusReason);
    m_glow.start();
    update();
}

bool SettingRow::eventFilter(QObject *watched, QEvent *event)
{
    // Where a field has nothing of its own to take back, Undo is the window's.
    if (event->type() == QEvent::ShortcutOverride
        && hasNothingToTake(watched, *static_cast<QKeyEvent *>(event))) {
        event->ignore();
        return true;
    }
    const bool escapes = event->type() == QEvent::KeyPress && m_dirty
                         && static_cast<QKeyEvent *>(event)->key() == Qt::Key_Escape;
    if (!escapes)
        return QWidget::eventFilter(watched, event);
    revert();
    return true;
}

void SettingRow::revert()
{
    m_dirty = false;
    m_error.clear();
    refresh();
}

void SettingRow::paintEvent(QPaintEvent *)
{
    const Palette &palette = Theme::current();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    if (m_glow.isActive()) {
        painter.setBrush(palette.selected);
        painter.drawRoundedRect(
            QRectF(rect()).adjusted(0, 1, 0, -1), Theme::exact(4), Theme::exact(4));
    }
    if (!m_modified)
        return;
    painter.setBrush(palette.link);
    const double side = Theme::exact(6);
    painter.drawEllipse(QRectF(Theme::exact(4), Theme::exact(5 + 11), side, side));
}

} // namespace gatehouse::ui
