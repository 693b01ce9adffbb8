#include "widgets/rangedialog.h"

#include "theme/theme.h"
#include "widgets/dialogfooter.h"
#include "widgets/fields/form.h"

#include <QDateTimeEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace gatehouse::ui {

RangeDialog::RangeDialog(const admin::TimeRange &range, QWidget *parent)
    : QDialog(parent)
    , m_form(new Form(this))
    , m_since(new QDateTimeEdit(QDateTime::fromMSecsSinceEpoch(range.since), this))
    , m_until(new QDateTimeEdit(QDateTime::fromMSecsSinceEpoch(range.until), this))
{
    setWindowTitle(tr("Time range"));
    for (QDateTimeEdit *edit : {m_since, m_until}) {
        edit->setCalendarPopup(true);
        edit->setMaximumDateTime(QDateTime::currentDateTime().addDays(1));
        connect(edit, &QDateTimeEdit::dateTimeChanged, this, &RangeDialog::validate);
    }
    m_form->addField(m_since, [] { return tr("&From"); });
    m_form->addField(m_until, [] { return tr("&To"); });
    auto *footer = new DialogFooter(this);
    m_show = footer->addButton(tr("Show"), QDialogButtonBox::AcceptRole);
    m_show->setDefault(true);
    footer->addButton(QDialogButtonBox::Cancel);
    connect(m_show, &QPushButton::clicked, this, [this] {
        if (const std::optional<TimeSpan> span = TimeSpan::fixed(this->range())) {
            accept();
            emit chosen(*span);
        }
    });
    connect(footer, &DialogFooter::rejected, this, &QDialog::reject);

    auto *content = new QVBoxLayout;
    const int margin = Theme::px(20);
    content->setContentsMargins(margin, margin, margin, margin);
    content->addWidget(m_form);
    content->addStretch(1);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addLayout(content, 1);
    layout->addWidget(footer);
    resize(Theme::px(420), Theme::px(200));
    validate();
}

void RangeDialog::setNote(const QString &note)
{
    m_form->setHelp(m_until, note);
}

admin::TimeRange RangeDialog::range() const
{
    return {.since = m_since->dateTime().toMSecsSinceEpoch(),
            .until = m_until->dateTime().toMSecsSinceEpoch()};
}

void RangeDialog::validate()
{
    const bool valid = TimeSpan::fixed(range()).has_value();
    m_form->setError(
        m_until, valid ? QString() : tr("The end must be at least a minute after the beginning."));
    m_show->setEnabled(valid);
}

} // namespace gatehouse::ui
