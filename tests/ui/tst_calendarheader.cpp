#include "widgets/fields/calendarheader.h"

#include <QAction>
#include <QCalendarWidget>
#include <QLocale>
#include <QMenu>
#include <QSpinBox>
#include <QTest>
#include <QToolButton>

using namespace Qt::StringLiterals;
using namespace gatehouse;

class CalendarHeaderTest : public QObject
{
    Q_OBJECT

private slots:
    void isInTheOrderOfTheLanguage_data();
    void isInTheOrderOfTheLanguage();
    void keepsItsFormWhereThePageChanges();
    void followsAChangeOfTheLanguage();
    void takesAnotherYear();
};

namespace {

class Header
{
public:
    explicit Header(const QLocale &locale)
    {
        m_calendar.setLocale(locale);
        ui::orderCalendarHeader(&m_calendar);
        m_calendar.setCurrentPage(2026, 12);
        m_calendar.show();
    }

    QCalendarWidget &calendar() { return m_calendar; }
    template<class Widget>
    Widget *part(const QString &name)
    {
        return m_calendar.findChild<Widget *>(u"qt_calendar_"_s + name);
    }
    QToolButton *month() { return part<QToolButton>(u"monthbutton"_s); }
    QToolButton *year() { return part<QToolButton>(u"yearbutton"_s); }
    QSpinBox *yearField() { return part<QSpinBox>(u"yearedit"_s); }

    // As it is read, from left to right.
    QStringList text()
    {
        return month()->x() < year()->x() ? QStringList{month()->text(), year()->text()}
                                          : QStringList{year()->text(), month()->text()};
    }

private:
    QCalendarWidget m_calendar;
};

} // namespace

void CalendarHeaderTest::isInTheOrderOfTheLanguage_data()
{
    QTest::addColumn<QLocale>("locale");
    QTest::addColumn<QStringList>("text");

    QTest::newRow("English") << QLocale(QLocale::English, QLocale::UnitedStates)
                             << QStringList{u"December"_s, u"2026"_s};
    QTest::newRow("German") << QLocale(QLocale::German, QLocale::Germany)
                            << QStringList{u"Dezember"_s, u"2026"_s};
    QTest::newRow("Chinese") << QLocale(QLocale::Chinese, QLocale::China)
                             << QStringList{u"2026年"_s, u"12月"_s};
    QTest::newRow("a year before the name of a month")
        << QLocale(QLocale::Hungarian, QLocale::Hungary) << QStringList{u"2026."_s, u"december"_s};
}

void CalendarHeaderTest::isInTheOrderOfTheLanguage()
{
    QFETCH(QLocale, locale);
    QFETCH(QStringList, text);

    Header header(locale);

    QTRY_COMPARE(header.text(), text);
}

void CalendarHeaderTest::keepsItsFormWhereThePageChanges()
{
    Header header(QLocale(QLocale::Chinese, QLocale::China));

    header.calendar().showNextMonth();
    QTRY_COMPARE(header.text(), QStringList({u"2027年"_s, u"1月"_s}));

    header.month()->menu()->actions().at(4)->trigger();
    QTRY_COMPARE(header.text(), QStringList({u"2027年"_s, u"5月"_s}));
}

void CalendarHeaderTest::followsAChangeOfTheLanguage()
{
    Header header(QLocale(QLocale::Chinese, QLocale::China));
    QTRY_COMPARE(header.text(), QStringList({u"2026年"_s, u"12月"_s}));

    header.calendar().setLocale(QLocale(QLocale::English, QLocale::UnitedStates));
    ui::orderCalendarHeader(&header.calendar());

    QTRY_COMPARE(header.text(), QStringList({u"December"_s, u"2026"_s}));
}

void CalendarHeaderTest::takesAnotherYear()
{
    Header header(QLocale(QLocale::Chinese, QLocale::China));
    QTRY_COMPARE(header.text(), QStringList({u"2026年"_s, u"12月"_s}));

    header.year()->click();
    QTRY_VERIFY(header.yearField()->isVisible());
    QTRY_VERIFY(header.yearField()->geometry().right() < header.month()->x());
    header.yearField()->setValue(2031);
    emit header.yearField()->editingFinished();

    QTRY_COMPARE(header.text(), QStringList({u"2031年"_s, u"12月"_s}));
}

QTEST_MAIN(CalendarHeaderTest)
#include "tst_calendarheader.moc"
