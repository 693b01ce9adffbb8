#include "management/historycontroller.h"

#include "admin/history/historytexts.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace gatehouse::management {

using base::Result;
using domain::HistoryEntry;

namespace {

QJsonObject historyJson(const HistoryEntry &entry)
{
    QJsonArray details;
    for (const base::Message &text : admin::historyFieldTexts(entry))
        details.append(text.english());
    return {{u"id"_s, entry.id},
            {u"created_at"_s, entry.at / 1000},
            {u"author"_s, domain::nameOf(entry.author.kind)},
            {u"user_id"_s, entry.author.user.value},
            {u"username"_s, entry.author.name},
            {u"way"_s, domain::nameOf(entry.author.way)},
            {u"object"_s, domain::nameOf(entry.object)},
            {u"object_id"_s, entry.objectId},
            {u"object_name"_s, entry.objectName},
            {u"action"_s, domain::nameOf(entry.action)},
            {u"fields"_s, domain::fieldsJson(entry.fields)},
            {u"by"_s, admin::historyAuthorText(entry.author).english()},
            {u"text"_s,
             QString(admin::historyObjectText(entry).english() + u": "_s
                     + admin::historyActionText(entry).english())},
            {u"details"_s, details}};
}

} // namespace

void HistoryController::addTo(Router &router)
{
    router.add({.method = "GET",
                .pattern = "/api/history",
                .policy = Policy::administrator(),
                .handler = [this](const Call &call) { return page(call); }});
}

Response HistoryController::page(const Call &call)
{
    constexpr qint64 usual = 50;
    constexpr qint64 most = 200;
    const Result<qint64> before = call.number(u"before"_s);
    const Result<qint64> limit = call.number(u"limit"_s);
    const Result<qint64> id = call.number(u"id"_s);
    for (const auto *number : {&before, &limit, &id}) {
        if (!*number)
            return responded(number->error());
    }
    const QString object = call.text(u"object"_s);
    const auto kind = domain::historyObjectNamed(object);
    if (!object.isEmpty() && !kind)
        return responded(refusal(u"There are no changes of \"%1\"."_s.arg(object.left(50))));
    storage::HistoryFilter filter{.object = kind,
                                  .objectId = *id,
                                  .query = domain::filterQueryFrom(
                                      call.text(u"filter"_s), admin::HistoryService::filterKeys()),
                                  .before = *before,
                                  .limit = *limit > 0 ? std::min(*limit, most) : usual};
    return respond(m_admin.history.page(call.actor(), std::move(filter)),
                   [](const admin::HistoryPage &page) {
                       QJsonArray entries;
                       for (const HistoryEntry &entry : page.entries)
                           entries.append(historyJson(entry));
                       QJsonObject json{{u"entries"_s, entries}, {u"next"_s, QJsonValue()}};
                       if (page.next)
                           json.insert(u"next"_s, QJsonObject{{u"before"_s, *page.next}});
                       return json;
                   });
}

} // namespace gatehouse::management
