#include "traffic/trafficfeed.h"

#include "admin/flow.h"
#include "admin/traffic/trafficmatch.h"

namespace gatehouse::ui {

using admin::TrafficCursor;
using admin::TrafficLine;
using base::Result;

namespace {

constexpr int totalsInterval = 60'000; // milliseconds
constexpr int newerInterval = 1'000;
constexpr int runningInterval = 500;
constexpr int newerLimit = 2'500;

// A page that is read again must not lose lines because `since:1h` means another time by now.
domain::FilterQuery withoutTimes(domain::FilterQuery query)
{
    query.terms.removeIf([](const domain::FilterTerm &term) {
        return term.key == u"since" || term.key == u"until";
    });
    return query;
}

// Whether requests leave the filter as time goes by: `since:24h`, but not since a date.
bool isOfAMovingTime(const domain::FilterQuery &query)
{
    return std::any_of(query.terms.begin(), query.terms.end(), [](const domain::FilterTerm &term) {
        return (term.key == u"since" || term.key == u"until") && !term.value.contains(u'-');
    });
}

} // namespace

TrafficFeed::TrafficFeed(admin::TrafficService &service, TrafficModel &model, QObject *parent)
    : QObject(parent)
    , m_service(service)
    , m_model(model)
{
    m_totalsTimer.setInterval(totalsInterval);
    m_newerTimer.setInterval(newerInterval);
    m_runningTimer.setInterval(runningInterval);
    connect(&m_totalsTimer, &QTimer::timeout, this, &TrafficFeed::renewTotals);
    connect(&m_newerTimer, &QTimer::timeout, this, &TrafficFeed::readNewer);
    connect(&m_runningTimer, &QTimer::timeout, this, &TrafficFeed::readRunning);
}

TrafficFeed::~TrafficFeed()
{
    cancelReading();
}

// Calls `done` with the answer, unless the feed has begun anew by then. Never at once: a future that
// is ready runs its continuation while it is locked, and must not be let go of then.
template<typename T, typename Done>
void TrafficFeed::await(admin::Answer<T> answer, Done done)
{
    const int number = ++m_asked;
    // Qt 6.4 looks for the continuation of a future that is cancelled, also where it is over and gone.
    m_cancels.emplace(number, [answer]() mutable {
        if (!answer.isFinished())
            answer.cancel();
    });
    admin::whenDone(
        answer, this, [this, done, number, generation = m_generation](const Result<T> &result) {
            const auto take = [this, done, number, generation, result] {
                if (generation != m_generation)
                    return;
                m_cancels.erase(number);
                done(result);
            };
            QMetaObject::invokeMethod(this, take, Qt::QueuedConnection);
        });
}

void TrafficFeed::cancelReading()
{
    ++m_generation;
    for (const auto &[number, cancel] : m_cancels)
        cancel();
    m_cancels.clear();
    m_reading.clear();
    m_readingNewer = false;
    m_readingTotals = false;
}

void TrafficFeed::setQuery(const domain::FilterQuery &query)
{
    m_query = query;
    m_needsRestart = true;
    m_reopened.clear();
    m_totals.reset();
}

void TrafficFeed::setGrouping(std::optional<domain::TrafficGrouping> grouping)
{
    m_grouping = grouping;
    m_needsRestart = true;
    m_reopened.clear();
}

void TrafficFeed::setLive(bool live)
{
    if (m_live == live)
        return;
    m_live = live;
    if (!live) {
        m_totalsTimer.stop();
        m_newerTimer.stop();
        m_runningTimer.stop();
        return;
    }
    m_totalsTimer.start();
    m_newerTimer.start();
    m_runningTimer.start();
    renewTotals();
    readNewer();
    readRunning();
}

void TrafficFeed::setAtTop(bool atTop)
{
    m_atTop = atTop;
    if (m_atTop && m_gap)
        restart();
}

void TrafficFeed::setLoading(bool loading)
{
    m_beginning = loading;
    emit loadingChanged(loading);
}

void TrafficFeed::restart()
{
    if (m_grouping && m_model.grouping() == m_grouping)
        m_reopened = m_model.openGroups();
    cancelReading();
    m_found.clear();
    m_totals.reset();
    m_later = {};
    m_gap = false;
    m_cleared = false;
    m_needsRestart = false;
    setLoading(true);
    readFirst();
    readRunning();
}

// The newest line is known before the first page is read, so that nothing falls in between.
void TrafficFeed::readFirst()
{
    await(m_service.newer({}, 0, 1), [this](const Result<admin::TrafficNews> &news) {
        if (!news)
            return failToBegin(news.error());
        m_newest = news->newest;
        const TrafficCursor newest{.before = m_newest + 1};
        if (m_grouping) {
            readGroups(newest);
            return;
        }
        await(m_service.page(m_query, newest, LineWindow::blockSize),
              [this, newest](const Result<admin::TrafficPage> &page) {
                  if (page)
                      return takeFirst(*page, newest);
                  failToBegin(page.error());
              });
    });
}

void TrafficFeed::failToBegin(const base::Error &error)
{
    m_needsRestart = true;
    setLoading(false);
    emit failed(error);
}

void TrafficFeed::replace()
{
    m_model.reset(m_grouping);
    m_model.dropRunning([this](const TrafficLine &line) { return !admin::matches(line, m_query); });
}

// A long search answers in parts: it goes on until there is something to show or the ledger ends.
void TrafficFeed::takeFirst(const admin::TrafficPage &page, TrafficCursor newest)
{
    m_found.insert(m_found.end(), page.lines.begin(), page.lines.end());
    if (m_found.empty() && page.next) {
        await(m_service.page(m_query, *page.next, LineWindow::blockSize),
              [this, newest](const Result<admin::TrafficPage> &next) {
                  if (next)
                      return takeFirst(*next, newest);
                  failToBegin(next.error());
              });
        return;
    }
    replace();
    m_model.append({}, {.lines = std::exchange(m_found, {}), .next = page.next});
    setLoading(false);
    emit succeeded();
    emit restarted();
    readTotals(newest);
}

void TrafficFeed::readGroups(TrafficCursor from)
{
    await(m_service.groups(m_query, *m_grouping, from),
          [this, first = m_beginning](const Result<admin::TrafficGroups> &part) {
              if (part)
                  return takeGroups(*part, first);
              failToBegin(part.error());
          });
}

void TrafficFeed::takeGroups(const admin::TrafficGroups &part, bool first)
{
    if (first) {
        replace();
        m_beginning = false;
        m_totals = admin::TrafficTotals{.isWhole = false};
    }
    m_model.mergeGroups(part.groups);
    for (const domain::TrafficGroup &group : part.groups) {
        m_totals->requests += group.requests;
        m_totals->errors += group.errors;
        m_totals->inputTokens += group.input;
        m_totals->cachedTokens += group.cached;
        m_totals->outputTokens += group.output;
        m_totals->cost.nanoDollars += group.cost.nanoDollars;
    }
    if (first) {
        emit succeeded();
        emit restarted();
    }
    for (const QString &group : std::as_const(m_reopened))
        m_model.setOpen(group, true);
    if (part.next) {
        readGroups(*part.next);
    } else {
        m_totals->isWhole = true;
        m_reopened.clear();
        setLoading(false);
        look(m_first, m_last);
    }
    emit totalsChanged();
}

void TrafficFeed::look(int first, int last)
{
    m_first = first;
    m_last = last;
    if (m_beginning || m_model.grouping() != m_grouping)
        return;
    for (const TrafficModel::Wish &wish : m_model.look(first, last))
        readWish(wish);
}

void TrafficFeed::readWish(const TrafficModel::Wish &wish)
{
    if (m_reading.contains(wish.group))
        return;
    m_reading.insert(wish.group);
    const domain::FilterQuery query = wish.gap ? withoutTimes(m_query) : m_query;
    const TrafficCursor from = wish.gap ? wish.gap->from : wish.from;
    const int limit = wish.gap ? wish.gap->count : LineWindow::blockSize;
    await(m_grouping ? m_service.pageOfGroup(query, *m_grouping, wish.group, from, limit)
                     : m_service.page(query, from, limit),
          [this, wish](const Result<admin::TrafficPage> &page) {
              m_reading.remove(wish.group);
              if (!page) {
                  emit failed(page.error());
                  return;
              }
              emit succeeded();
              if (wish.gap)
                  m_model.fill(wish.group, *wish.gap, page->lines);
              else
                  m_model.append(wish.group, *page);
              look(m_first, m_last);
          });
}

void TrafficFeed::setOpen(const QString &group, bool open)
{
    m_model.setOpen(group, open);
    look(m_first, m_last);
}

// They begin where the page began: what is newer comes by takeNewer(), perhaps before them.
void TrafficFeed::readTotals(TrafficCursor newest)
{
    m_later = {};
    m_readingTotals = true;
    await(m_service.totals(m_query, newest), [this](const Result<admin::TrafficTotals> &totals) {
        m_readingTotals = false;
        if (!totals)
            return;
        m_totals = *totals;
        m_totals->add(std::exchange(m_later, {}));
        emit totalsChanged();
    });
}

// What has become too old for the filter counts no more; the rows stay.
void TrafficFeed::renewTotals()
{
    const bool canBe = m_totals && !m_readingTotals && !m_beginning && !m_cleared && !m_grouping;
    if (canBe && isOfAMovingTime(m_query))
        readTotals({.before = m_newest + 1});
}

void TrafficFeed::readNewer()
{
    if (m_beginning || m_readingNewer || !m_live || (m_gap && !m_atTop))
        return;
    m_readingNewer = true;
    await(m_service.newer(m_query, m_newest, newerLimit),
          [this](const Result<admin::TrafficNews> &news) {
              m_readingNewer = false;
              if (news)
                  takeNewer(*news);
          });
}

void TrafficFeed::takeNewer(const admin::TrafficNews &news)
{
    if (news.hasMore) {
        // There is no catching up with them: at the top the list begins anew, elsewhere it waits.
        if (m_atTop)
            return restart();
        m_gap = true;
        emit newerCame(static_cast<int>(news.lines.size()));
        return;
    }
    m_newest = qMax(m_newest, news.newest);
    if (news.lines.empty())
        return;
    m_model.addNewer(news.lines);
    for (const TrafficLine &line : news.lines) {
        if (m_totals)
            m_totals->add(line.record);
        if (m_readingTotals)
            m_later.add(line.record);
    }
    if (m_totals)
        emit totalsChanged();
    emit newerCame(static_cast<int>(news.lines.size()));
}

void TrafficFeed::readRunning()
{
    admin::whenDone(
        m_service.running(),
        this,
        [this, generation = m_generation](const Result<std::vector<TrafficLine>> &running) {
            if (!running || generation != m_generation)
                return;
            std::vector<TrafficLine> shown;
            std::copy_if(running->begin(),
                         running->end(),
                         std::back_inserter(shown),
                         [this](const TrafficLine &line) { return admin::matches(line, m_query); });
            m_model.setRunning(shown);
        });
}

void TrafficFeed::clearView()
{
    cancelReading();
    setLoading(false);
    m_model.reset(m_grouping);
    m_cleared = true;
    m_gap = false;
    m_totals = admin::TrafficTotals();
    emit restarted();
    emit totalsChanged();
}

} // namespace gatehouse::ui
