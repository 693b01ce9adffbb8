// The part of DashboardPage that writes what is shown into a file.
#include "charts/timeserieschart.h"
#include "dashboard/chartpanel.h"
#include "dashboard/dashboardpage.h"
#include "widgets/messagebar.h"

#include <QFileDialog>
#include <QSaveFile>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

void DashboardPage::exportChart()
{
    auto *chooser =
        new QFileDialog(this, tr("Export the chart"), {}, tr("Comma-separated values (*.csv)"));
    chooser->setAttribute(Qt::WA_DeleteOnClose);
    chooser->setAcceptMode(QFileDialog::AcceptSave);
    chooser->setDefaultSuffix(u"csv"_s);
    chooser->selectFile(
        QString(u"dashboard-"_s % ChartText::id(m_chart->kind()) % u'-' % m_span.id() % u".csv"_s));
    connect(chooser, &QFileDialog::fileSelected, this, &DashboardPage::writeChart);
    chooser->open();
}

// Some hundred lines at most, as the chart has them.
void DashboardPage::writeChart(const QString &path)
{
    const QByteArray text = toCsv(m_chart->chart().data()).toUtf8();
    QSaveFile file(path);
    const bool isWritten =
        file.open(QIODevice::WriteOnly) && file.write(text) == text.size() && file.commit();
    m_messages->removeMessage(u"export"_s);
    if (isWritten) {
        emit noticeRaised([path] { return tr("Exported the chart to %1").arg(path); });
        return;
    }
    m_messages->showMessage(
        {.id = u"export"_s, .tone = Tone::Failure, .text = [reason = file.errorString()] {
             return tr("The file could not be written: %1").arg(reason);
         }});
}

} // namespace gatehouse::ui
