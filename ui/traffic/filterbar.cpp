#include "traffic/filterbar.h"

#include "admin/administration.h"
#include "admin/flow.h"
#include "theme/theme.h"
#include "traffic/trafficfilters.h"
#include "widgets/fields/chiprow.h"
#include "widgets/secondarylabel.h"
#include "widgets/translated.h"
#include "widgets/uistate.h"

#include <QComboBox>
#include <QHBoxLayout>

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

constexpr QLatin1StringView groupingKey("traffic/grouping");
constexpr int countInterval = 30'000; // milliseconds
constexpr int soon = 300;             // lets what the person does come to rest
constexpr int groupings = 4;          // beside none

} // namespace

FilterBar::FilterBar(const Services &services, SavedFilters &filters, QWidget *parent)
    : QWidget(parent)
    , m_services(services)
    , m_filters(filters)
    , m_texts(new Translated(this))
    , m_chips(new ChipRow(this))
    , m_grouping(new QComboBox(this))
{
    auto *label = new SecondaryLabel(TextRole::Small, m_chips);
    label->setBuddy(m_grouping);
    m_chips->addWidget(label);
    m_chips->addWidget(m_grouping);
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, Theme::px(6));
    layout->addWidget(m_chips);
    m_grouping->setSizeAdjustPolicy(QComboBox::AdjustToContents); // in any language
    fillGroupings();
    m_grouping->setCurrentIndex(
        qBound(0, services.state.value(groupingKey, 0).toInt(), m_grouping->count() - 1));
    m_texts->add([this, label] {
        label->setText(tr("Group by"));
        setTexts();
    });
    connect(&filters, &SavedFilters::changed, this, [this] {
        setChips();
        const QList<SavedFilter> all = m_filters.all();
        for (const SavedFilter &filter : all) {
            if (m_counts.value(filter.id).text != counted(filter))
                countSoon(filter.id);
        }
    });
    connect(m_chips, &ChipRow::chosen, this, [this](const QString &id) {
        const QString chosen = id.isEmpty() ? u"all"_s : id;
        m_chips->setCurrent(chosen);
        emit filterChosen(m_filters.find(chosen).filter);
    });
    connect(m_chips, &ChipRow::renameRequested, this, &FilterBar::renameRequested);
    connect(m_chips, &ChipRow::removalRequested, this, &FilterBar::removalRequested);
    connect(m_grouping, &QComboBox::currentIndexChanged, this, &FilterBar::groupingChosen);
    connect(m_grouping, &QComboBox::activated, this, [this](int index) {
        m_services.state.setValue(groupingKey, index);
    });
    m_timer.setInterval(countInterval);
    connect(&m_timer, &QTimer::timeout, this, &FilterBar::beginCounting);
    m_soon.setSingleShot(true);
    m_soon.setInterval(soon);
    connect(&m_soon, &QTimer::timeout, this, &FilterBar::countWanted);
}

void FilterBar::fillGroupings()
{
    m_grouping->addItem(QString());
    for (int i = 0; i < groupings; ++i)
        m_grouping->addItem(QString());
}

void FilterBar::setTexts()
{
    const QStringList names{tr("none", "group by"),
                            tr("session", "group by"),
                            tr("token", "group by"),
                            tr("model", "group by"),
                            tr("channel", "group by")};
    for (int i = 0; i < m_grouping->count(); ++i)
        m_grouping->setItemText(i, names.value(i));
    m_grouping->setAccessibleName(tr("Group by"));
    setChips();
    beginCounting();
}

void FilterBar::setChips()
{
    QList<Chip> chips;
    const QList<SavedFilter> filters = m_filters.all();
    for (const SavedFilter &filter : filters) {
        chips.append({.id = filter.id,
                      .text = filter.name,
                      .toolTip = filter.filter,
                      .removable = m_filters.isOwn(filter.id)});
    }
    m_chips->setChips(chips);
    m_chips->setCurrent(m_filters.matching(m_filter).id);
    showCounts();
}

// Those that are known; the row was made anew.
void FilterBar::showCounts()
{
    const QList<SavedFilter> filters = m_filters.all();
    for (const SavedFilter &filter : filters) {
        const Counted known = m_counts.value(filter.id);
        if (!known.text.isEmpty() && known.text == counted(filter))
            m_chips->setCount(filter.id, known.count.requests, known.count.isWhole);
    }
}

void FilterBar::setFilter(const QString &filter)
{
    const bool isOther = std::exchange(m_filter, filter) != filter;
    const QString id = m_filters.matching(filter).id;
    m_chips->setCurrent(id);
    const QString times = timesOfFilter(filter);
    if (std::exchange(m_times, times) != times)
        beginCounting();
    else if (isOther && !id.isEmpty())
        countSoon(id);
}

void FilterBar::setCount(const QString &filter, const admin::TrafficCount &count)
{
    const SavedFilter matching = m_filters.matching(filter);
    if (!matching.id.isEmpty() && filter == m_filter)
        take(matching.id, counted(matching), count);
}

void FilterBar::countAnew(const QString &key)
{
    const QList<SavedFilter> all = m_filters.all();
    for (const SavedFilter &filter : all) {
        const QList<domain::FilterTerm> terms = domain::filterQueryFrom(filter.filter).terms;
        const auto asks = [&key](const domain::FilterTerm &term) { return term.key == key; };
        if (std::any_of(terms.begin(), terms.end(), asks))
            countSoon(filter.id);
    }
}

QString FilterBar::current() const
{
    return m_chips->current();
}

std::optional<domain::TrafficGrouping> FilterBar::grouping() const
{
    using Grouping = domain::TrafficGrouping;
    constexpr Grouping all[groupings]{
        Grouping::Session, Grouping::Token, Grouping::Model, Grouping::Channel};
    const int index = m_grouping->currentIndex();
    return index > 0 ? std::optional(all[index - 1]) : std::nullopt;
}

void FilterBar::ungroup()
{
    m_grouping->setCurrentIndex(0);
}

void FilterBar::setActive(bool active)
{
    m_active = active;
    if (active)
        m_timer.start();
    else
        m_timer.stop();
    beginCounting();
}

QString FilterBar::counted(const SavedFilter &filter) const
{
    return QString(filter.filter % u' ' % m_times);
}

void FilterBar::countSoon(const QString &id)
{
    m_wanted.removeAll(id);
    m_wanted.append(id);
    m_soon.start();
}

// They go before those that the round has still to come to.
void FilterBar::countWanted()
{
    const QStringList wanted = std::exchange(m_wanted, {});
    if (!m_active)
        return; // all are counted when it is shown
    for (const QString &id : wanted) {
        m_toCount.removeIf([&id](const SavedFilter &one) { return one.id == id; });
        const SavedFilter filter = m_filters.find(id);
        if (!filter.id.isEmpty())
            m_toCount.prepend(filter);
    }
    if (!m_isCounting)
        countNext();
}

void FilterBar::beginCounting()
{
    ++m_generation;
    // Qt 6.4 looks for the continuation of a future that is cancelled, also where it is over and gone.
    if (!m_counting.isFinished())
        m_counting.cancel();
    m_toCount = m_active ? m_filters.all() : QList<SavedFilter>();
    // The one that is looked at comes first.
    const QString looked = m_chips->current();
    std::stable_partition(m_toCount.begin(), m_toCount.end(), [&looked](const SavedFilter &one) {
        return one.id == looked;
    });
    countNext();
}

void FilterBar::countNext()
{
    m_isCounting = !m_toCount.isEmpty();
    if (!m_isCounting)
        return;
    const SavedFilter filter = m_toCount.takeFirst();
    const QString text = counted(filter);
    m_counting = m_services.administration.traffic.count(
        domain::filterQueryFrom(text, admin::TrafficService::filterKeys()));
    admin::whenDone(m_counting,
                    this,
                    [this, id = filter.id, text, generation = m_generation](
                        const base::Result<admin::TrafficCount> &count) {
                        const auto goOn = [this, id, text, generation, count] {
                            if (generation != m_generation)
                                return;
                            if (count)
                                take(id, text, *count);
                            countNext();
                        };
                        // Not at once: a future that is ready is locked meanwhile.
                        QMetaObject::invokeMethod(this, goOn, Qt::QueuedConnection);
                    });
}

// The filter may have become another one meanwhile.
void FilterBar::take(const QString &id, const QString &text, const admin::TrafficCount &count)
{
    if (counted(m_filters.find(id)) != text)
        return;
    m_counts.insert(id, {.text = text, .count = count});
    m_chips->setCount(id, count.requests, count.isWhole);
}

} // namespace gatehouse::ui
