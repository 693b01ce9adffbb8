#include "widgets/dialogs/namedialog.h"

#include "theme/theme.h"
#include "widgets/fields/form.h"

#include <QLineEdit>
#include <QPushButton>

namespace gatehouse::ui {

NameDialog::NameDialog(const QString &title,
                       const QString &name,
                       const QString &note,
                       QWidget *parent)
    : FormDialog(parent)
    , m_name(new QLineEdit(name, this))
{
    constexpr int longest = 60;
    constexpr qsizetype longestNote = 80;
    setWindowTitle(title);
    m_name->setMaxLength(longest);
    m_name->selectAll();
    const QString shown =
        note.size() > longestNote ? QString(note.left(longestNote) + QChar(0x2026)) : note;
    form()->addField(
        m_name, [] { return tr("&Name"); }, [shown] { return shown; });
    finish(tr("Save"), [this] {
        accept();
        emit chosen(m_name->text().trimmed());
    });
    connect(m_name, &QLineEdit::textChanged, this, &NameDialog::validate);
    resize(Theme::px(420), Theme::px(160));
    validate();
}

void NameDialog::setTaken(const QStringList &names)
{
    m_taken = names;
    validate();
}

void NameDialog::validate()
{
    const QString name = m_name->text().trimmed();
    const bool isTaken = m_taken.contains(name);
    form()->setError(m_name, isTaken ? tr("Another filter has this name.") : QString());
    actionButton()->setEnabled(!name.isEmpty() && !isTaken);
}

} // namespace gatehouse::ui
