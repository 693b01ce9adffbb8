#include "preferences/settingeditor.h"

#include "preferences/networkseditor.h"
#include "preferences/numbereditors.h"
#include "preferences/texteditors.h"
#include "theme/plaintip.h"
#include "theme/style.h"
#include "theme/theme.h"
#include "widgets/fields/wheelguard.h"

#include <QCheckBox>
#include <QComboBox>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QStandardItemModel>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

using admin::SettingChoice;
using admin::SettingView;
using Kind = SettingView::Kind;

SettingEditor::SettingEditor(QWidget *parent)
    : QWidget(parent)
{
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(Theme::px(8));
}

void SettingEditor::add(QWidget *control, int stretch)
{
    static_cast<QHBoxLayout *>(layout())->addWidget(control, stretch);
    if (m_control)
        return;
    m_control = control;
    setFocusProxy(control);
}

void SettingEditor::addStretch()
{
    static_cast<QHBoxLayout *>(layout())->addStretch(1);
}

void SettingEditor::setNames(const QString &name, const QString &description)
{
    // A compound control is read out by the part that takes its focus.
    for (QWidget *named : {m_control, m_control->focusProxy()}) {
        if (!named)
            continue;
        named->setAccessibleName(name);
        named->setAccessibleDescription(description);
    }
}

void SettingEditor::showInvalid(bool invalid)
{
    setInvalid(m_control, invalid);
}

void SettingEditor::lockChoice(const QString &value, const QString &reason)
{
    Q_UNUSED(value)
    Q_UNUSED(reason)
}

SettingEditor *SettingEditor::make(const SettingView &setting, QWidget *parent)
{
    const auto made = [&]() -> SettingEditor * {
        switch (setting.kind) {
        case Kind::Boolean:
            return new BooleanEditor(parent);
        case Kind::Choice:
            return new ChoiceEditor(parent);
        case Kind::Integer:
            return MoneyEditor::isFor(setting)
                       ? static_cast<SettingEditor *>(new MoneyEditor(setting, parent))
                       : new IntegerEditor(setting, parent);
        case Kind::Number:
            return new DecimalEditor(setting, parent);
        case Kind::Milliseconds:
        case Kind::Seconds:
        case Kind::Minutes:
        case Kind::Hours:
            return new DurationEditor(setting, parent);
        case Kind::Bytes:
            return new BytesEditor(setting, parent);
        case Kind::Path:
            return new PathEditor(PathEditor::Target::File, parent);
        case Kind::Folder:
            return new PathEditor(PathEditor::Target::Folder, parent);
        case Kind::LongText:
            return new LongTextEditor(parent);
        case Kind::Text:
            break;
        }
        if (NetworksEditor::isFor(setting))
            return new NetworksEditor(parent);
        if (ListEditor::isFor(setting))
            return new ListEditor(setting, parent);
        return new TextEditor(parent);
    };
    SettingEditor *editor = made();
    editor->retranslate(setting);
    return editor;
}

BooleanEditor::BooleanEditor(QWidget *parent)
    : SettingEditor(parent)
    , m_box(new QCheckBox(this))
    , m_text(new QLabel(this))
{
    m_box->setMinimumSize(Theme::px(24), Theme::px(28));
    m_text->setTextFormat(Qt::PlainText);
    m_text->setWordWrap(true);
    m_text->setMinimumHeight(Theme::px(28));
    m_text->installEventFilter(this);
    layout()->setSpacing(0);
    add(m_box);
    add(m_text, 1);
    layout()->setAlignment(m_box, Qt::AlignTop);
    connect(m_box, &QCheckBox::clicked, this, &SettingEditor::committed);
}

void BooleanEditor::setValue(const QString &value)
{
    m_box->setChecked(value == "true"_L1);
}

QString BooleanEditor::value() const
{
    return m_box->isChecked() ? u"true"_s : u"false"_s;
}

void BooleanEditor::retranslate(const SettingView &setting)
{
    m_text->setText(setting.description);
}

void BooleanEditor::setNames(const QString &name, const QString &description)
{
    SettingEditor::setNames(name, QString(m_text->text() + u' ' + description).trimmed());
}

// A click on the words is one on the box.
bool BooleanEditor::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_text && event->type() == QEvent::MouseButtonRelease && m_box->isEnabled())
        m_box->click();
    return SettingEditor::eventFilter(watched, event);
}

ChoiceEditor::ChoiceEditor(QWidget *parent)
    : SettingEditor(parent)
    , m_box(new QComboBox(this))
{
    m_box->setMinimumWidth(Theme::px(180));
    m_box->setSizeAdjustPolicy(QComboBox::AdjustToContents); // in any language
    WheelGuard::guard(m_box);
    add(m_box);
    addStretch();
    connect(m_box, &QComboBox::activated, this, &SettingEditor::committed);
}

void ChoiceEditor::setValue(const QString &value)
{
    m_box->setCurrentIndex(m_box->findData(value));
}

QString ChoiceEditor::value() const
{
    return m_box->currentData().toString();
}

void ChoiceEditor::retranslate(const SettingView &setting)
{
    const QString present = m_box->count() > 0 ? value() : setting.value;
    m_box->clear();
    for (const SettingChoice &choice : setting.choices)
        m_box->addItem(choice.label, choice.value);
    setValue(present);
}

void ChoiceEditor::lockChoice(const QString &value, const QString &reason)
{
    const auto *rows = qobject_cast<QStandardItemModel *>(m_box->model());
    QStandardItem *row = rows ? rows->item(m_box->findData(value)) : nullptr;
    if (!row)
        return;
    row->setEnabled(reason.isEmpty());
    row->setToolTip(plainTip(reason));
}

} // namespace gatehouse::ui
