#include "frame/errorcounter.h"

#include "admin/administration.h"
#include "admin/flow.h"
#include "domain/filterquery.h"
#include "widgets/uistate.h"

#include <QDateTime>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

constexpr QLatin1StringView lookedKey("traffic/lookedAt");
constexpr qint64 day = 24 * 3600 * qint64(1000);
constexpr int shortestPause = 3'000; // milliseconds
constexpr qint64 mostErrors = 1'000;

QString termsSince(qint64 moment)
{
    const QString text =
        QDateTime::fromMSecsSinceEpoch(moment).toString(u"yyyy-MM-dd'T'HH:mm:ss.zzz"_s);
    return u"status:error "_s + domain::exactTerm(u"since"_s, text);
}

} // namespace

ErrorCounter::ErrorCounter(const Services &services, QObject *parent)
    : QObject(parent)
    , m_services(services)
{
    m_later.setSingleShot(true);
    m_later.setInterval(shortestPause);
    connect(&m_later, &QTimer::timeout, this, &ErrorCounter::refresh);
}

void ErrorCounter::setLooking(bool looking)
{
    if (m_looking || looking)
        noteLook();
    m_looking = looking;
    if (looking && std::exchange(m_errors, 0) != 0)
        emit changed(0);
}

void ErrorCounter::noteLook()
{
    m_services.state.setValue(lookedKey, QDateTime::currentMSecsSinceEpoch());
}

void ErrorCounter::refresh()
{
    const bool early = m_sinceCount.isValid() && !m_sinceCount.hasExpired(shortestPause);
    if (m_looking)
        return;
    if (!m_counting && !early)
        count();
    else if (!m_later.isActive())
        m_later.start();
}

void ErrorCounter::count()
{
    m_counting = true;
    m_sinceCount.start();
    const qint64 yesterday = QDateTime::currentMSecsSinceEpoch() - day;
    const qint64 looked = m_services.state.value(lookedKey, qint64(0)).toLongLong();
    const domain::FilterQuery query = domain::filterQueryFrom(
        termsSince(std::max(yesterday, looked)), admin::TrafficService::filterKeys());
    admin::whenDone(m_services.administration.traffic.count(query, mostErrors),
                    this,
                    [this](const base::Result<admin::TrafficCount> &counted) {
                        m_counting = false;
                        if (!counted || m_looking)
                            return;
                        const int errors = static_cast<int>(counted->requests);
                        if (std::exchange(m_errors, errors) != errors)
                            emit changed(errors);
                    });
}

} // namespace gatehouse::ui
