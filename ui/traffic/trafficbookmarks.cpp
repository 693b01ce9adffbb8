#include "traffic/trafficbookmarks.h"

#include "admin/administration.h"
#include "widgets/undostack.h"

#include <algorithm>
#include <memory>

namespace gatehouse::ui {

using admin::TrafficLine;

namespace {

bool isStored(const TrafficLine &line)
{
    return !line.running && line.id > 0 && !line.record.requestId.isEmpty();
}

// Does it and remembers which requests it changed.
admin::Answer<> change(admin::BookmarkService &bookmarks,
                       const QByteArrayList &ids,
                       bool bookmarked,
                       const std::shared_ptr<QByteArrayList> &changed)
{
    return admin::onSuccess(bookmarked ? bookmarks.add(ids) : bookmarks.remove(ids),
                            &bookmarks,
                            [changed](const QByteArrayList &done) -> base::Result<> {
                                *changed = done;
                                return {};
                            });
}

} // namespace

TrafficBookmarks::TrafficBookmarks(const Services &services, QObject *parent)
    : QObject(parent)
    , m_services(services)
{}

bool TrafficBookmarks::canMark(const std::vector<TrafficLine> &lines)
{
    return std::any_of(lines.begin(), lines.end(), isStored);
}

bool TrafficBookmarks::areMarked(const std::vector<TrafficLine> &lines)
{
    return canMark(lines) && std::all_of(lines.begin(), lines.end(), [](const TrafficLine &line) {
               return line.bookmarked || !isStored(line);
           });
}

void TrafficBookmarks::toggle(const std::vector<TrafficLine> &lines)
{
    const bool mark = !areMarked(lines);
    QByteArrayList ids;
    for (const TrafficLine &line : lines) {
        if (isStored(line) && line.bookmarked != mark)
            ids.append(line.record.requestId);
    }
    if (ids.isEmpty())
        return;
    admin::BookmarkService &bookmarks = m_services.administration.bookmarks;
    const auto changed = std::make_shared<QByteArrayList>();
    const auto count = static_cast<int>(ids.size());
    // Taken back is what was changed: a request that had a bookmark before keeps it.
    const admin::Answer<> pushed = m_services.undo.push(
        {.text =
             [mark, count] {
                 return mark ? tr("Bookmarked %n requests", nullptr, count)
                             : tr("Removed the bookmark of %n requests", nullptr, count);
             },
         .redo = [&bookmarks, ids, mark, changed] { return change(bookmarks, ids, mark, changed); },
         .undo =
             [&bookmarks, mark, changed] {
                 return change(bookmarks, *changed, !mark, std::make_shared<QByteArrayList>());
             }});
    admin::whenDone(pushed, this, [this](const base::Result<> &outcome) {
        if (!outcome)
            emit failed(outcome.error());
    });
}

} // namespace gatehouse::ui
