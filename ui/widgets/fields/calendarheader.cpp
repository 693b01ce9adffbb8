#include "widgets/fields/calendarheader.h"

#include <QAction>
#include <QBoxLayout>
#include <QCalendarWidget>
#include <QLocale>
#include <QMenu>
#include <QRegularExpression>
#include <QSpinBox>
#include <QToolButton>

#include <optional>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

// How a language that begins dates with the year writes one, such as "2026年12月".
struct YearFirst
{
    QString behindYear{};
    QString behindMonth{}; // none: months have names
    bool numbersMonths = false;
};

std::optional<YearFirst> yearFirst(const QLocale &locale)
{
    static const QRegularExpression form(u"^y+([^yMd]*)(M+)([^yMd]*)"_s);
    const QRegularExpressionMatch match = form.match(locale.dateFormat(QLocale::LongFormat));
    if (!match.hasMatch())
        return std::nullopt;
    const bool numbers = match.capturedLength(2) <= 2;
    return YearFirst{.behindYear = match.captured(1).trimmed(),
                     .behindMonth = numbers ? match.captured(3).trimmed() : QString(),
                     .numbersMonths = numbers};
}

QString monthText(const QLocale &locale, int month)
{
    const std::optional<YearFirst> form = yearFirst(locale);
    return form && form->numbersMonths ? QString::number(month) + form->behindMonth
                                       : locale.standaloneMonthName(month, QLocale::LongFormat);
}

QString yearText(const QLocale &locale, int year)
{
    const std::optional<YearFirst> form = yearFirst(locale);
    return QString::number(year) + (form ? form->behindYear : QString());
}

} // namespace

void orderCalendarHeader(QCalendarWidget *calendar)
{
    auto *bar = calendar->findChild<QWidget *>(u"qt_calendar_navigationbar"_s);
    auto *month = calendar->findChild<QToolButton *>(u"qt_calendar_monthbutton"_s);
    auto *year = calendar->findChild<QToolButton *>(u"qt_calendar_yearbutton"_s);
    auto *yearField = calendar->findChild<QSpinBox *>(u"qt_calendar_yearedit"_s);
    auto *row = bar ? qobject_cast<QBoxLayout *>(bar->layout()) : nullptr;
    if (!row || !month || !year || !yearField)
        return;

    const std::optional<YearFirst> form = yearFirst(calendar->locale());
    // The space before the year stays there: it stands in for it while the year is typed.
    row->removeWidget(month);
    row->insertWidget(row->indexOf(year) + (form ? 1 : -1), month);
    // It opens over the year, and has to leave what stands behind it free.
    yearField->setButtonSymbols(form ? QAbstractSpinBox::NoButtons
                                     : QAbstractSpinBox::UpDownArrows);
    year->setMinimumWidth(form ? yearField->sizeHint().width() : 0);
    if (QMenu *months = month->menu()) {
        const QList<QAction *> actions = months->actions();
        for (qsizetype at = 0; at < actions.size(); ++at)
            actions.at(at)->setText(monthText(calendar->locale(), static_cast<int>(at) + 1));
    }
    const auto write = [calendar, month, year] {
        month->setText(monthText(calendar->locale(), calendar->monthShown()));
        year->setText(yearText(calendar->locale(), calendar->yearShown()));
    };
    write();
    // The calendar writes its own form at each of them.
    QObject::disconnect(calendar, nullptr, row, nullptr);
    QObject::disconnect(yearField, nullptr, row, nullptr);
    QObject::connect(calendar, &QCalendarWidget::currentPageChanged, row, write);
    QObject::connect(yearField, &QSpinBox::editingFinished, row, write);
}

} // namespace gatehouse::ui
