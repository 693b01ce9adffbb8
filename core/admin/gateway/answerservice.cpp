#include "admin/gateway/answerservice.h"

#include "base/logging.h"

namespace gatehouse::admin {

AnswerService::AnswerService(const Foundation &foundation, QObject *parent)
    : QObject(parent)
    , m_base(foundation)
    , m_cache(foundation.clock)
{
    // What is past its time goes although nobody asks for it.
    constexpr std::chrono::milliseconds interval{30'000};
    m_sweep.setInterval(interval);
    connect(&m_sweep, &QTimer::timeout, this, [this] { m_cache.dropOutdated(); });
    connect(
        &m_base.publisher, &CatalogPublisher::catalogChanged, this, &AnswerService::applySettings);
}

bool AnswerService::isOn() const
{
    const auto &catalog = m_base.publisher.catalog();
    return catalog && catalog->settings().cache.answers;
}

void AnswerService::applySettings()
{
    m_cache.configure(m_base.publisher.catalog()->settings().cache);
    if (!isOn())
        m_sweep.stop();
    else if (!m_sweep.isActive())
        m_sweep.start();
}

Answer<qint64> AnswerService::clear()
{
    const qint64 count = m_cache.clear();
    qCInfo(base::lcAdmin) << "The cache of answers was cleared:" << count << "answers.";
    emit cleared();
    return answered(base::Result<qint64>(count));
}

} // namespace gatehouse::admin
