#include "capture/bodyview.h"

#include "admin/administration.h"
#include "admin/flow.h"
#include "capture/bodytext.h"
#include "capture/findbar.h"
#include "theme/plaintip.h"
#include "theme/theme.h"
#include "widgets/buttons.h"
#include "widgets/format.h"
#include "widgets/secondarylabel.h"
#include "widgets/translated.h"

#include <QHBoxLayout>
#include <QPushButton>
#include <QThreadPool>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

constexpr qint64 partBytes = admin::CaptureService::firstBytes;
constexpr size_t mostMatches = 10'000;

struct Matches
{
    std::vector<qsizetype> places{};
    bool isAll = true;
};

Matches matchesOf(const QString &text, const QString &needle)
{
    Matches matches;
    qsizetype at = text.indexOf(needle, 0, Qt::CaseInsensitive);
    while (at >= 0) {
        if (matches.places.size() == mostMatches) {
            matches.isAll = false;
            break;
        }
        matches.places.push_back(at);
        at = text.indexOf(needle, at + needle.size(), Qt::CaseInsensitive);
    }
    return matches;
}

} // namespace

BodyView::BodyView(const Services &services, QWidget *parent)
    : QWidget(parent)
    , m_services(services)
    , m_texts(new Translated(this))
    , m_find(new FindBar(this))
    , m_text(new BodyText(this))
    , m_note(new SecondaryLabel(TextRole::Small, this))
    , m_empty(new SecondaryLabel(TextRole::Body, this))
    , m_more(makeLinkButton(QString(), this))
    , m_all(makeLinkButton(QString(), this))
{
    m_empty->setAlignment(Qt::AlignCenter);
    auto *bar = new QHBoxLayout;
    bar->setContentsMargins(Theme::px(12), Theme::px(4), Theme::px(12), Theme::px(4));
    bar->setSpacing(Theme::px(8));
    bar->addWidget(m_note, 1);
    bar->addWidget(m_more);
    bar->addWidget(m_all);
    bar->addWidget(m_find);
    m_note->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_text, 1);
    layout->addWidget(m_empty, 1);
    layout->addLayout(bar);
    connect(m_more, &QPushButton::clicked, this, [this] { loadMore(false); });
    connect(m_all, &QPushButton::clicked, this, [this] { loadMore(true); });
    connect(m_find, &FindBar::searched, this, &BodyView::search);
    connect(m_find, &FindBar::moved, this, [this](int step) {
        const int count = static_cast<int>(m_matches.size());
        if (count > 0)
            moveTo((m_match + step + count) % count);
    });
    m_texts->add([this] {
        m_text->setAccessibleName(tr("Body"));
        m_empty->setText(tr("The body is empty."));
        refresh();
    });
}

void BodyView::show(const QByteArray &requestId,
                    domain::CapturePart part,
                    const domain::CapturedMessage &message)
{
    ++m_generation;
    ++m_searchGeneration;
    m_requestId = requestId;
    m_part = part;
    m_kept = message.kept;
    m_size = message.size;
    m_loading = m_wantsAll = false;
    m_matches.clear();
    m_text->start(message.body);
    if (!m_find->needle().isEmpty())
        search(m_find->needle());
    refresh();
}

void BodyView::loadMore(bool all)
{
    m_wantsAll = m_wantsAll || all;
    if (m_loading || m_text->shownBytes() >= m_kept)
        return;
    m_loading = true;
    refresh();
    admin::whenDone(m_services.administration.captures.body(
                        m_requestId, m_part, m_text->shownBytes(), partBytes),
                    this,
                    [this, generation = m_generation](const base::Result<QByteArray> &bytes) {
                        if (generation != m_generation)
                            return;
                        m_loading = false;
                        if (!bytes || bytes->isEmpty()) {
                            m_kept = m_text->shownBytes(); // it is not kept any more
                            m_wantsAll = false;
                            refresh();
                            return;
                        }
                        take(*bytes);
                    });
}

// Each part is taken in one turn of the event loop, between which the window goes on.
void BodyView::take(const QByteArray &bytes)
{
    m_text->append(bytes);
    if (m_wantsAll && m_text->shownBytes() < m_kept) {
        loadMore(true);
        return;
    }
    m_wantsAll = false;
    refresh();
    if (!m_find->needle().isEmpty())
        search(m_find->needle());
}

void BodyView::refresh()
{
    const qint64 shown = m_text->shownBytes();
    const qint64 left = std::max<qint64>(m_kept - shown, 0);
    QStringList words;
    if (left > 0)
        words.append(tr("%1 of %2 shown").arg(Format::bytes(shown), Format::bytes(m_kept)));
    else
        words.append(Format::bytes(shown));
    if (m_kept < m_size)
        words.append(tr("only the first %1 of %2 were kept")
                         .arg(Format::bytes(m_kept), Format::bytes(m_size)));
    if (m_text->isBinary())
        words.append(tr("no text, shown as bytes"));
    m_note->setText(words.join(u" · "_s));
    m_note->setToolTip(plainTip(m_note->text()));
    m_more->setText(tr("Load %1 more").arg(Format::bytes(std::min(left, partBytes))));
    m_all->setText(m_loading ? tr("Loading…") : tr("Load all"));
    m_more->setVisible(left > 0);
    m_all->setVisible(left > partBytes);
    m_more->setEnabled(!m_loading);
    m_all->setEnabled(!m_loading);
    m_empty->setVisible(m_size == 0);
    m_text->setVisible(m_size > 0);
}

void BodyView::search(const QString &needle)
{
    const int generation = ++m_searchGeneration;
    m_matches.clear();
    m_text->clearMatch();
    if (needle.isEmpty()) {
        m_find->setMatches(0, 0);
        return;
    }
    admin::whenDone(admin::runIn(*QThreadPool::globalInstance(),
                                 [text = m_text->text(), needle]() -> base::Result<Matches> {
                                     return matchesOf(text, needle);
                                 }),
                    this,
                    [this, generation](const base::Result<Matches> &matches) {
                        if (generation != m_searchGeneration || !matches)
                            return;
                        m_matches = matches->places;
                        m_allMatches = matches->isAll;
                        m_find->setMatches(static_cast<int>(m_matches.size()), 0, m_allMatches);
                        if (!m_matches.empty())
                            moveTo(0);
                    });
}

void BodyView::moveTo(int match)
{
    m_match = match;
    m_text->showMatch(m_matches.at(static_cast<size_t>(match)), m_find->needle().size());
    m_find->setMatches(static_cast<int>(m_matches.size()), match, m_allMatches);
}

} // namespace gatehouse::ui
