// What the Traffic page does as its list moves: the place that is looked at, sums, groups, the
// inspector.
#include "admin/administration.h"
#include "admin/flow.h"
#include "domain/filterquery.h"
#include "inspector/inspector.h"
#include "theme/theme.h"
#include "traffic/filterbar.h"
#include "traffic/trafficcolumns.h"
#include "traffic/trafficexporter.h"
#include "traffic/trafficfilters.h"
#include "traffic/trafficpage.h"
#include "widgets/emptystate.h"
#include "widgets/format.h"
#include "widgets/messagebar.h"
#include "widgets/splitter.h"
#include "widgets/table/filterfield.h"
#include "widgets/table/tablefooter.h"
#include "widgets/table/tableheader.h"
#include "widgets/table/tableview.h"
#include "widgets/uistate.h"

#include <QKeyEvent>
#include <QPushButton>
#include <QScrollBar>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

constexpr int columnsVersion = 4;
constexpr int mostCopied = 5'000;

// Beside the inspector there is no room for more.
const QStringList narrowColumns{u"status"_s,
                                u"time"_s,
                                u"client"_s,
                                u"model"_s,
                                u"cost"_s,
                                u"duration"_s,
                                u"bodies"_s,
                                u"bookmark"_s};

// What costs nothing at all is no small sum that was rounded.
QString spent(domain::Cost cost, int decimals)
{
    return Format::money(cost, cost.nanoDollars == 0 ? 0 : decimals);
}

} // namespace

bool TrafficPage::isAtTop() const
{
    return m_view->verticalScrollBar()->value() == 0;
}

void TrafficPage::lookSoon()
{
    if (!m_lookTimer.isActive())
        m_lookTimer.start();
}

// Rows that come and go above must not push away what is looked at. At the top they may.
void TrafficPage::keepPlace(int first, int rows)
{
    const int top = m_view->rowAt(0);
    if (isAtTop() || top < 0 || first > top) {
        lookSoon();
        return;
    }
    QScrollBar *bar = m_view->verticalScrollBar();
    const int shift = rows * m_view->verticalHeader()->defaultSectionSize();
    bar->setMaximum(qMax(bar->maximum(), bar->maximum() + shift));
    bar->setValue(qMax(1, bar->value() + shift));
}

void TrafficPage::updatePill()
{
    const bool shown = m_newAbove > 0 && !isAtTop();
    const int count = m_newAbove;
    m_pill->setText(m_feed->hasGap() ? tr("↑ more than %n new", nullptr, count)
                                     : tr("↑ %n new", nullptr, count));
    m_pill->setAccessibleName(tr("To the newest requests"));
    m_pill->adjustSize();
    m_pill->move((m_view->width() - m_pill->width()) / 2, m_view->viewport()->y() + Theme::px(8));
    m_pill->setVisible(shown);
    if (shown)
        m_pill->raise();
}

void TrafficPage::updateFooter()
{
    int rows = 0;
    admin::TrafficTotals sum;
    for (const QItemSelectionRange &range : m_view->selectionModel()->selection()) {
        const admin::TrafficTotals part = m_model->sum(range.top(), range.bottom());
        rows += range.height();
        sum.requests += part.requests;
        sum.cost.nanoDollars += part.cost.nanoDollars;
    }
    const auto &totals = m_feed->totals();
    QString text;
    if (rows == 1 && !m_model->groupAt(m_view->currentIndex().row())) {
        text =
            totals ? tr("1 of %1 selected").arg(Format::count(totals->requests)) : tr("1 selected");
    } else if (rows > 0) {
        text = tr("%n selected", nullptr, static_cast<int>(qMin<qint64>(sum.requests, INT_MAX)));
    }
    if (rows > 0) {
        // Of one request its cost says whether it is free or has no price.
        const admin::TrafficLine *line = rows == 1 ? currentLine() : nullptr;
        const bool isUnpriced = line && line->record.unpriced && sum.cost.nanoDollars == 0;
        text = tr("%1, %2").arg(text, isUnpriced ? tr("no price") : spent(sum.cost, 4));
    }
    m_footer->setSelection(text);
    QStringList parts;
    if (totals) {
        parts.append(totals->isWhole
                         ? TrafficColumns::requests(totals->requests)
                         : tr("the newest %1 requests").arg(Format::count(totals->requests)));
        if (totals->errors > 0)
            parts.append(tr("%1 failed").arg(Format::count(totals->errors)));
        parts.append(tr("in %1").arg(Format::tokens(totals->inputTokens)));
        parts.append(tr("cached %1").arg(Format::tokens(totals->cachedTokens)));
        parts.append(tr("out %1").arg(Format::tokens(totals->outputTokens)));
        parts.append(spent(totals->cost, 2));
    }
    parts.append(m_pause->isChecked() ? tr("paused") : tr("live"));
    m_footer->setTotals(parts.join(u" · "_s));
}

// The ledger may hold requests that only the filter or the time leaves out.
void TrafficPage::updateEmptyState()
{
    const bool none = m_model->rowCount() == 0;
    QString sentence;
    const QString rest = filterWithoutTimes(m_field->text());
    if (none && m_feed->isCleared())
        sentence = tr("New requests appear here. Earlier ones come back with F5.");
    else if (none && !rest.isEmpty())
        sentence = tr("No request matches %1.").arg(Format::quoted(m_field->text()));
    else if (none && !m_field->text().isEmpty() && m_everServed)
        sentence = tr("There were no requests at this time.");
    m_empty->setFiltered(sentence);
    if (!none) {
        m_everServed = true;
    } else if (!m_everServed && isActive()) {
        admin::whenDone(services().administration.traffic.count({}, 1),
                        this,
                        [this](const base::Result<admin::TrafficCount> &count) {
                            if (!count || count->requests == 0 || m_everServed)
                                return;
                            m_everServed = true;
                            updateEmptyState();
                        });
    }
}

const admin::TrafficLine *TrafficPage::currentLine() const
{
    return m_model->lineAt(m_view->currentIndex().row());
}

std::vector<admin::TrafficLine> TrafficPage::selectedLines(size_t most) const
{
    std::vector<admin::TrafficLine> lines;
    for (const QItemSelectionRange &range : m_view->selectionModel()->selection()) {
        for (int row = range.top(); row <= range.bottom() && lines.size() < most; ++row) {
            if (const admin::TrafficLine *line = m_model->lineAt(row))
                lines.push_back(*line);
        }
    }
    return lines;
}

void TrafficPage::selectRow(int row)
{
    if (row < 0)
        return updateInspector();
    m_view->setCurrentIndex(m_model->index(row, m_view->horizontalHeader()->logicalIndex(0)));
}

void TrafficPage::toggleGroup(int row)
{
    const domain::TrafficGroup *group = m_model->groupAt(row);
    if (!group)
        return;
    const QString key = group->key;
    m_feed->setOpen(key, !m_model->isOpen(key));
}

void TrafficPage::updateInspector()
{
    const admin::TrafficLine *line = currentLine();
    const bool chosen =
        line && !line->record.requestId.isEmpty() && m_view->selectionModel()->hasSelection();
    m_chosen = chosen ? line->record.requestId : QByteArray();
    const bool shown = chosen && m_details->isChecked();
    const bool appears = shown && !m_inspector->isVisible();
    m_inspector->setVisible(shown);
    if (!shown) {
        m_inspector->clear();
        return;
    }
    if (line->running)
        m_inspector->show(*line);
    else if (m_inspector->shownId() != line->id)
        m_inspector->show(line->id);
    if (appears) {
        placeInspector();
        QTimer::singleShot(0, m_view, [this] { m_view->scrollTo(m_view->currentIndex()); });
    }
}

// What is known of the request that is looked at has changed.
void TrafficPage::showCurrentAnew()
{
    const admin::TrafficLine *line = currentLine();
    if (line && !line->running && m_inspector->shownId() > 0)
        m_inspector->show(line->id);
}

void TrafficPage::bookmarksChanged(const QByteArrayList &requestIds, bool bookmarked)
{
    m_model->setBookmarked(requestIds, bookmarked);
    updateActions();
    m_bar->countAnew(u"bookmarked"_s);
    const QList<domain::FilterTerm> &terms = m_feed->query().terms;
    const bool filtered =
        std::any_of(terms.begin(), terms.end(), [](const domain::FilterTerm &term) {
            return term.key == u"bookmarked";
        });
    if (filtered)
        readAnew();
}

// As soon as it is looked at.
void TrafficPage::readAnew()
{
    if (isActive())
        m_feed->restart();
    else
        m_feed->invalidate();
}

void TrafficPage::openInspector()
{
    m_details->setChecked(true);
    services().state.setValue(u"traffic/details"_s, true);
    updateInspector();
}

// At the right there is a narrower list, whose columns are remembered apart.
void TrafficPage::placeInspector()
{
    const bool right = m_detailsRight->isChecked();
    const Qt::Orientation orientation = right ? Qt::Horizontal : Qt::Vertical;
    const bool narrow = right && m_inspector->isVisible();
    const QString key = narrow ? u"traffic-narrow"_s : u"traffic"_s;
    if (m_splitter->orientation() != orientation)
        m_splitter->setOrientation(orientation);
    auto *header = qobject_cast<TableHeader *>(m_view->horizontalHeader());
    if (m_view->rememberedKey() != key) {
        header->setFirstColumns(narrow ? narrowColumns : QStringList());
        m_view->remember(services().state, key, columnsVersion);
    }
    const int whole = right ? m_splitter->width() : m_splitter->height();
    const QString sizeKey = right ? u"traffic/detailsWidth"_s : u"traffic/detailsHeight"_s;
    const int bar = m_view->style()->pixelMetric(QStyle::PM_ScrollBarExtent, nullptr, m_view);
    const int left = whole - header->leastWidth() - bar - m_splitter->handleWidth();
    const int usual =
        right ? std::clamp(left, Theme::px(440), qMax(Theme::px(500), whole / 2)) : Theme::px(292);
    const int size = services().state.value(sizeKey, usual).toInt();
    if (whole > size)
        m_splitter->setSizes({whole - size, size});
}

void TrafficPage::connectInspector()
{
    connect(m_inspector, &Inspector::navigationRequested, this, &Page::navigationRequested);
    connect(m_inspector, &Inspector::itemRequested, this, &Page::itemRequested);
    connect(m_inspector, &Inspector::noticeRaised, this, &Page::noticeRaised);
    connect(m_inspector, &Inspector::saveRequested, this, &TrafficPage::saveRequest);
    connect(m_inspector, &Inspector::routeRequested, this, [this](const QString &model) {
        const admin::TrafficLine *line = currentLine();
        emit routeRequested(model,
                            line ? line->record.tokenId.value : 0,
                            line ? QString::fromUtf8(line->record.session) : QString());
    });
    connect(m_inspector, &Inspector::cancelRequested, this, [this](const admin::TrafficLine &line) {
        const admin::TrafficLine copy = line; // the inspector is filled anew meanwhile
        cancelRequest(copy);
    });
    connect(m_inspector, &Inspector::forgetRequested, this, [this](const admin::TrafficLine &line) {
        // The list knows of bookmarks that were set since it was read.
        const admin::TrafficLine *listed = m_model->lineAt(m_model->rowOf(line.record.requestId));
        forgetRequests({listed ? *listed : line});
    });
    connect(m_inspector, &Inspector::forgetTokenRequested, this, &TrafficPage::forgetToken);
    connect(m_inspector, &DetailPane::closeRequested, this, [this] { m_details->trigger(); });
    connect(m_splitter, &QSplitter::splitterMoved, this, [this] {
        const bool right = m_splitter->orientation() == Qt::Horizontal;
        services().state.setValue(right ? u"traffic/detailsWidth"_s : u"traffic/detailsHeight"_s,
                                  m_splitter->sizes().value(1));
    });
}

void TrafficPage::showItem(qint64 item)
{
    admin::whenDone(services().administration.traffic.find(item),
                    this,
                    [this](const base::Result<admin::TrafficLine> &line) {
                        if (!line)
                            return showFailure(line.error());
                        const QString filter =
                            domain::exactTerm(u"id"_s, QString::fromUtf8(line->record.requestId));
                        m_bar->ungroup(); // groups are closed at first
                        m_chosen = line->record.requestId;
                        m_details->setChecked(true);
                        if (m_field->text() == filter)
                            m_feed->restart();
                        else
                            m_field->setFilter(filter);
                    });
}

void TrafficPage::copyRows()
{
    int rows = 0;
    for (const QItemSelectionRange &range : m_view->selectionModel()->selection())
        rows += range.height();
    const bool here = std::ssize(selectedLines(mostCopied + 1)) <= mostCopied && rows <= mostCopied;
    if (here)
        return m_view->copySelection();
    m_messages->showMessage(
        {.id = u"copy"_s,
         .tone = Tone::Caution,
         .text =
             [] {
                 return tr("At most %1 requests are copied at once. A file takes them all.")
                     .arg(Format::count(mostCopied));
             },
         .actions = {{[] { return tr("Export as CSV…"); },
                      [this] {
                          m_messages->removeMessage(u"copy"_s);
                          m_exports.front()->trigger();
                      }}}});
}

// Groups open and close as the branches of a tree do.
bool TrafficPage::eventFilter(QObject *watched, QEvent *event)
{
    if (watched != m_view || event->type() != QEvent::KeyPress)
        return Page::eventFilter(watched, event);
    const auto *key = static_cast<QKeyEvent *>(event);
    if (key->matches(QKeySequence::Copy)) {
        copyRows();
        return true;
    }
    if (key->key() == Qt::Key_Escape && m_inspector->isVisible()) {
        m_details->trigger();
        return true;
    }
    const int row = m_view->currentIndex().row();
    const domain::TrafficGroup *group = m_model->groupAt(row);
    const bool opens = key->key() == Qt::Key_Right;
    const bool plain = (key->modifiers() & ~Qt::KeypadModifier) == Qt::NoModifier;
    if (!m_model->grouping() || !plain || (!opens && key->key() != Qt::Key_Left))
        return Page::eventFilter(watched, event);
    if (group && m_model->isOpen(group->key) != opens) {
        toggleGroup(row);
        return true;
    }
    const admin::TrafficLine *line = m_model->lineAt(row);
    if (line && !opens && m_model->kindAt(row) == TrafficModel::Kind::Request) {
        selectRow(m_model->rowOfGroup(domain::trafficGroupKey(*m_model->grouping(), line->record)));
        return true;
    }
    return Page::eventFilter(watched, event);
}

} // namespace gatehouse::ui
