#include "traffic/filterbar.h"

#include "admin/administration.h"
#include "theme/theme.h"
#include "traffic/trafficfilters.h"
#include "widgets/fields/chiprow.h"
#include "widgets/secondarylabel.h"
#include "widgets/translated.h"
#include "widgets/uistate.h"

#include <QComboBox>
#include <QHBoxLayout>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

constexpr QLatin1StringView groupingKey("traffic/grouping");
constexpr int countInterval = 30'000; // milliseconds
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
    fillGroupings();
    m_grouping->setCurrentIndex(
        qBound(0, services.state.value(groupingKey, 0).toInt(), m_grouping->count() - 1));
    m_texts->add([this, label] {
        label->setText(tr("Group by"));
        setTexts();
    });
    connect(&filters, &SavedFilters::changed, this, [this] {
        setChips();
        beginCounting();
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
    for (const SavedFilter &filter : filters)
        chips.append({.id = filter.id,
                      .text = filter.name,
                      .toolTip = filter.filter,
                      .removable = m_filters.isOwn(filter.id)});
    m_chips->setChips(chips);
    m_chips->setCurrent(m_filters.matching(m_filter).id);
}

void FilterBar::setFilter(const QString &filter)
{
    m_filter = filter;
    m_chips->setCurrent(m_filters.matching(filter).id);
    const QString times = timesOfFilter(filter);
    if (times == m_times)
        return;
    m_times = times;
    beginCounting();
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

void FilterBar::beginCounting()
{
    ++m_generation;
    // Qt 6.4 looks for the continuation of a future that is cancelled, also where it is over and gone.
    if (!m_counting.isFinished())
        m_counting.cancel();
    m_toCount = m_active ? m_filters.all() : QList<SavedFilter>();
    countNext();
}

void FilterBar::countNext()
{
    if (m_toCount.isEmpty())
        return;
    const SavedFilter filter = m_toCount.takeFirst();
    const QString text = QString(filter.filter % u' ' % m_times);
    m_counting = m_services.administration.traffic.count(
        domain::filterQueryFrom(text, admin::TrafficService::filterKeys()));
    m_counting.then(this,
                    [this, id = filter.id, generation = m_generation](
                        const base::Result<admin::TrafficCount> &count) {
                        const auto take = [this, id, generation, count] {
                            if (generation != m_generation)
                                return;
                            if (count)
                                m_chips->setCount(id, count->requests, count->isWhole);
                            countNext();
                        };
                        // Not at once: a future that is ready is locked meanwhile.
                        QMetaObject::invokeMethod(this, take, Qt::QueuedConnection);
                    });
}

} // namespace gatehouse::ui
