#include "theme/clockformat.h"

#include <QCoreApplication>
#include <QEvent>
#include <QLocale>
#include <QRegularExpression>

#include <utility>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

struct ClockText
{
    Q_DECLARE_TR_FUNCTIONS(gatehouse::ui::ClockText)
};

ClockFormat &present()
{
    static ClockFormat format = ClockFormat::Hours24;
    return format;
}

} // namespace

ClockFormat systemClockFormat()
{
    static const QRegularExpression words(u"'[^']*'"_s);
    const QString pattern = QLocale::system().timeFormat(QLocale::ShortFormat).remove(words);
    return pattern.contains(u'a', Qt::CaseInsensitive) ? ClockFormat::Hours12
                                                       : ClockFormat::Hours24;
}

void setClockFormat(ClockFormat format)
{
    if (std::exchange(present(), format) == format || !QCoreApplication::instance())
        return;
    // Times stand among words, and all who show words hear of this.
    QEvent event(QEvent::LanguageChange);
    QCoreApplication::sendEvent(QCoreApplication::instance(), &event);
}

ClockFormat clockFormat()
{
    return present();
}

QString clockPattern(QString pattern)
{
    if (present() == ClockFormat::Hours24)
        return pattern;
    pattern.replace("HH:mm:ss"_L1, ClockText::tr("h:mm:ss AP", "a time of day by 12 hours"));
    return pattern.replace("HH:mm"_L1, ClockText::tr("h:mm AP", "a time of day by 12 hours"));
}

} // namespace gatehouse::ui
