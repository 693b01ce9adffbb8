#include "traffic/rangechoice.h"

#include "admin/traffic/traffic.h"
#include "domain/filterquery.h"
#include "traffic/trafficfilters.h"
#include "widgets/dialogs/rangedialog.h"
#include "widgets/translated.h"

#include <QSignalBlocker>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

// The rows: the spans of TimeSpan::ids(), then all time, then one's own.
int allRow()
{
    return static_cast<int>(TimeSpan::ids().size());
}

int ownRow()
{
    return allRow() + 1;
}

} // namespace

RangeChoice::RangeChoice(QWidget *parent)
    : QComboBox(parent)
    , m_texts(new Translated(this))
{
    for (int row = 0; row <= ownRow(); ++row)
        addItem(QString());
    setCurrentIndex(allRow());
    setSizeAdjustPolicy(QComboBox::AdjustToContents);
    m_texts->add([this] { setTexts(); });
    connect(this, &QComboBox::activated, this, &RangeChoice::choose);
}

void RangeChoice::setTexts()
{
    const QStringList ids = TimeSpan::ids();
    for (int row = 0; row < allRow(); ++row)
        setItemText(row, TimeSpan::last(ids.at(row))->label());
    setItemText(allRow(), tr("All time"));
    setItemText(ownRow(), tr("Custom…"));
    setAccessibleName(tr("Time range"));
    setToolTip(tr("Of which time requests are shown"));
}

void RangeChoice::show(int index)
{
    const QSignalBlocker blocker(this);
    setCurrentIndex(index);
}

void RangeChoice::setFilter(const QString &filter)
{
    m_filter = filter;
    const QString times = timesOfFilter(filter);
    if (times.isEmpty())
        return show(allRow());
    const QStringList ids = TimeSpan::ids();
    for (int row = 0; row < allRow(); ++row) {
        if (times == TimeSpan::last(ids.at(row))->trafficTerms())
            return show(row);
    }
    show(ownRow());
}

void RangeChoice::propose(const QString &times)
{
    const QString rest = filterWithoutTimes(m_filter);
    emit filterChosen(QString(rest % (rest.isEmpty() || times.isEmpty() ? u"" : u" ") % times));
}

void RangeChoice::choose(int index)
{
    if (index == ownRow())
        return chooseOwn();
    propose(index == allRow() ? QString()
                              : TimeSpan::last(TimeSpan::ids().at(index))->trafficTerms());
}

void RangeChoice::chooseOwn()
{
    setFilter(m_filter); // until the dialog says otherwise
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    auto *dialog = new RangeDialog(TimeSpan().range(now), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &RangeDialog::chosen, this, [this](const TimeSpan &span) {
        propose(span.trafficTerms());
    });
    dialog->open();
}

} // namespace gatehouse::ui
