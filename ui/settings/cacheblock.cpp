#include "settings/cacheblock.h"

#include "admin/administration.h"
#include "theme/theme.h"
#include "widgets/format.h"
#include "widgets/translated.h"

#include <QPushButton>
#include <QVBoxLayout>

#include <climits>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

int countOf(qint64 count)
{
    return static_cast<int>(std::min<qint64>(count, INT_MAX));
}

} // namespace

CacheBlock::CacheBlock(const Services &services, QWidget *parent)
    : SettingsBlock(parent)
    , m_services(services)
    , m_kept(makeText())
    , m_used(makeText())
    , m_clear(new QPushButton(this))
{
    auto *whole = new QWidget(this);
    auto *stack = new QVBoxLayout(whole);
    stack->setContentsMargins(0, 0, 0, 0);
    stack->setSpacing(Theme::px(3));
    m_clear->setAutoDefault(false);
    m_clear->setObjectName(u"clearCache"_s);
    m_kept->setObjectName(u"cacheKept"_s);
    stack->addWidget(m_clear, 0, Qt::AlignLeft);
    stack->addWidget(m_kept);
    addLine([] { return tr("Kept now"); }, whole);
    addLine([] { return tr("Since the start"); }, m_used, false);
    constexpr std::chrono::milliseconds interval{2'000};
    m_look.setInterval(interval);
    connect(&m_look, &QTimer::timeout, this, &CacheBlock::refresh);
    connect(m_clear, &QPushButton::clicked, this, &CacheBlock::clear);
    connect(&m_services.administration.answers,
            &admin::AnswerService::cleared,
            this,
            &CacheBlock::refresh);
    (new Translated(this))->add([this] { refresh(); });
}

void CacheBlock::activated()
{
    refresh();
}

void CacheBlock::showEvent(QShowEvent *event)
{
    SettingsBlock::showEvent(event);
    m_look.start();
}

void CacheBlock::hideEvent(QHideEvent *event)
{
    SettingsBlock::hideEvent(event);
    m_look.stop();
}

void CacheBlock::refresh()
{
    const admin::AnswerTotals totals = m_services.administration.answers.totals();
    const admin::AnswerCounts counts = m_services.administration.answers.counts();
    m_clear->setText(tr("Clear now"));
    m_clear->setEnabled(totals.answers > 0);
    m_kept->setText(totals.answers == 0
                        ? tr("No answer is kept.")
                        : tr("%n answers, %1 of memory. They are gone when the program ends.",
                             nullptr,
                             countOf(totals.answers))
                              .arg(Format::bytes(totals.bytes)));
    m_used->setText(tr("%1 requests answered from the cache, %2 not found in it, %3 not looked for")
                        .arg(Format::count(qint64(counts.hits)),
                             Format::count(qint64(counts.misses)),
                             Format::count(qint64(counts.bypasses))));
}

void CacheBlock::clear()
{
    admin::whenDone(m_services.administration.answers.clear(),
                    this,
                    [this](const base::Result<qint64> &cleared) {
                        emit failed(cleared ? LiveText() : cleared.error().message);
                        if (cleared) {
                            emit noticeRaised([count = countOf(*cleared)] {
                                return tr("Cleared %n kept answers", nullptr, count);
                            });
                        }
                        refresh();
                    });
}

} // namespace gatehouse::ui
