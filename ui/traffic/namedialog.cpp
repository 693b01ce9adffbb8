#include "traffic/namedialog.h"

#include "theme/theme.h"
#include "widgets/dialogfooter.h"
#include "widgets/fields/form.h"

#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace gatehouse::ui {

NameDialog::NameDialog(const QString &title,
                       const QString &name,
                       const QString &note,
                       QWidget *parent)
    : QDialog(parent)
    , m_form(new Form(this))
    , m_name(new QLineEdit(name, this))
{
    constexpr int longest = 60;
    constexpr qsizetype longestNote = 80;
    setWindowTitle(title);
    m_name->setMaxLength(longest);
    m_name->selectAll();
    const QString shown =
        note.size() > longestNote ? QString(note.left(longestNote) + QChar(0x2026)) : note;
    m_form->addField(
        m_name, [] { return tr("&Name"); }, [shown] { return shown; });
    auto *footer = new DialogFooter(this);
    m_save = footer->addButton(tr("Save"), QDialogButtonBox::AcceptRole);
    m_save->setDefault(true);
    footer->addButton(QDialogButtonBox::Cancel);
    connect(m_save, &QPushButton::clicked, this, [this] {
        accept();
        emit chosen(m_name->text().trimmed());
    });
    connect(footer, &DialogFooter::rejected, this, &QDialog::reject);
    connect(m_name, &QLineEdit::textChanged, this, &NameDialog::validate);

    auto *content = new QVBoxLayout;
    const int margin = Theme::px(20);
    content->setContentsMargins(margin, margin, margin, margin);
    content->addWidget(m_form);
    content->addStretch(1);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addLayout(content, 1);
    layout->addWidget(footer);
    resize(Theme::px(420), Theme::px(160));
    validate();
}

void NameDialog::validate()
{
    m_save->setEnabled(!m_name->text().trimmed().isEmpty());
}

} // namespace gatehouse::ui
