#include "widgets/dialogs/rangedialog.h"

#include "theme/theme.h"
#include "widgets/fields/calendarpopup.h"
#include "widgets/fields/form.h"
#include "widgets/format.h"

#include <QDateTimeEdit>
#include <QPushButton>

namespace gatehouse::ui {

RangeDialog::RangeDialog(const admin::TimeRange &range, QWidget *parent)
    : FormDialog(parent)
    , m_since(new QDateTimeEdit(QDateTime::fromMSecsSinceEpoch(range.since), this))
    , m_until(new QDateTimeEdit(QDateTime::fromMSecsSinceEpoch(range.until), this))
{
    setWindowTitle(tr("Time range"));
    for (QDateTimeEdit *edit : {m_since, m_until}) {
        CalendarPopup::give(edit);
        edit->setDisplayFormat(Format::momentPattern());
        edit->setMaximumDateTime(QDateTime::currentDateTime().addDays(1));
        connect(edit, &QDateTimeEdit::dateTimeChanged, this, &RangeDialog::validate);
    }
    form()->addField(m_since, [] { return tr("&From"); });
    form()->addField(m_until, [] { return tr("&To"); });
    finish(tr("Show"), [this] {
        if (const std::optional<TimeSpan> span = TimeSpan::fixed(this->range())) {
            accept();
            emit chosen(*span);
        }
    });
    resize(Theme::px(420), Theme::px(200));
    validate();
}

void RangeDialog::setNote(const QString &note)
{
    form()->setHelp(m_until, note);
}

admin::TimeRange RangeDialog::range() const
{
    return {.since = m_since->dateTime().toMSecsSinceEpoch(),
            .until = m_until->dateTime().toMSecsSinceEpoch()};
}

void RangeDialog::validate()
{
    const bool valid = TimeSpan::fixed(range()).has_value();
    form()->setError(
        m_until, valid ? QString() : tr("The end must be at least a minute after the beginning."));
    actionButton()->setEnabled(valid);
}

} // namespace gatehouse::ui
