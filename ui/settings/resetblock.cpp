#include "settings/resetblock.h"

#include "preferences/settingtext.h"
#include "theme/theme.h"
#include "widgets/dialogs/questiondialog.h"
#include "widgets/translated.h"
#include "widgets/undostack.h"

#include <QHBoxLayout>
#include <QPlainTextEdit>
#include <QPointer>
#include <QPushButton>

namespace gatehouse::ui {

using admin::SettingView;

ResetBlock::ResetBlock(const Services &services, SettingsStore &store, QWidget *parent)
    : SettingsBlock(parent)
    , m_services(services)
    , m_store(store)
    , m_reset(new QPushButton(this))
{
    m_reset->setAutoDefault(false);
    auto *line = new QWidget(this);
    auto *layout = new QHBoxLayout(line);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_reset);
    layout->addStretch(1);
    addLine({}, line);
    connect(m_reset, &QPushButton::clicked, this, &ResetBlock::ask);
    connect(&m_store, &SettingsStore::changed, this, &ResetBlock::refresh);
    (new Translated(this))->add([this] { refresh(); });
}

void ResetBlock::refresh()
{
    const bool any = !m_store.resettable().empty();
    m_reset->setText(tr("Reset all settings…"));
    m_reset->setEnabled(any);
    m_reset->setToolTip(any ? QString() : tr("Every setting has its default already."));
}

void ResetBlock::ask()
{
    const std::vector<SettingView> settings = m_store.resettable();
    QStringList lines;
    for (const SettingView &each : settings) {
        lines.append(tr("%1: %2 → %3")
                         .arg(each.label,
                              SettingText::value(each, each.value),
                              SettingText::value(each, each.defaultValue)));
    }
    auto *dialog = new QuestionDialog(
        {.title = tr("Reset all settings"),
         .heading = tr("Reset all settings?"),
         .text = tr("These settings return to their defaults. What was given to this start stays, "
                    "and Undo brings the present values back."),
         .width = 520},
        this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    auto *list = new QPlainTextEdit(lines.join(u'\n'), dialog);
    list->setReadOnly(true);
    list->setTabChangesFocus(true);
    list->setAccessibleName(tr("What changes"));
    list->setFixedHeight(Theme::px(160));
    dialog->addControl(list);
    dialog->addAnswer(
        tr("Reset"), QDialogButtonBox::DestructiveRole, [this, settings] { reset(settings); });
    dialog->addCancel();
    dialog->open();
}

void ResetBlock::reset(const std::vector<SettingView> &settings)
{
    QMap<QString, QString> former;
    QMap<QString, QString> defaults;
    for (const SettingView &each : settings) {
        former.insert(each.key, each.value);
        defaults.insert(each.key, each.defaultValue);
    }
    // It may be undone when this page is gone.
    const auto change = [store = QPointer<SettingsStore>(&m_store)](
                            const QMap<QString, QString> &values) -> admin::Answer<> {
        return store ? store->setAll(values)
                     : admin::refused<void>(
                         base::ErrorCode::Unavailable,
                         base::Message::verbatim(tr("The settings are no longer there.")));
    };
    m_services.undo.push({.text = [] { return tr("Reset all settings"); },
                          .redo = [change, defaults] { return change(defaults); },
                          .undo = [change, former] { return change(former); }});
}

} // namespace gatehouse::ui
