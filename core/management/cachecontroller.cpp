#include "management/cachecontroller.h"

using namespace Qt::StringLiterals;

namespace gatehouse::management {

void CacheController::addTo(Router &router)
{
    router.add({.method = "GET",
                .pattern = "/api/cache",
                .policy = Policy::root(),
                .handler = [this](const Call &) { return show(); }});
    router.add({.method = "DELETE",
                .pattern = "/api/cache",
                .policy = Policy::root(),
                .handler = [this](const Call &) { return clear(); }});
}

Response CacheController::show()
{
    const admin::AnswerService &answers = m_admin.answers;
    const auto totals = answers.totals();
    const auto counts = answers.counts();
    return responded(succeeded(QJsonObject{{u"enabled"_s, answers.isOn()},
                                           {u"answers"_s, totals.answers},
                                           {u"bytes"_s, totals.bytes},
                                           {u"hits"_s, qint64(counts.hits)},
                                           {u"misses"_s, qint64(counts.misses)},
                                           {u"bypasses"_s, qint64(counts.bypasses)}}));
}

Response CacheController::clear()
{
    return respond(m_admin.answers.clear(), [](qint64 count) {
        return QJsonObject{{u"answers"_s, count}};
    });
}

} // namespace gatehouse::management
