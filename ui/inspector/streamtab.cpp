#include "inspector/streamtab.h"

#include "admin/administration.h"
#include "admin/flow.h"
#include "inspector/gaphistogram.h"
#include "theme/plaintip.h"
#include "theme/theme.h"
#include "widgets/fields/segmentedcontrol.h"
#include "widgets/format.h"
#include "widgets/secondarylabel.h"
#include "widgets/table/tableview.h"

#include <QHBoxLayout>
#include <QPlainTextEdit>
#include <QStackedWidget>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

using Side = domain::CapturePart::Side;

const QString eventsView = u"events"_s;
const QString assembledView = u"assembled"_s;
constexpr qsizetype shownOfText = 200'000;

} // namespace

StreamTab::StreamTab(const Services &services, QWidget *parent)
    : CaptureTab(services, parent)
    , m_events(new StreamTable(
          MessageColumns::events(), [](const StreamRow &row) { return row.place; }, this))
{
    build();
    texts().add([this] { setTexts(); });
}

QString StreamTab::title() const
{
    return tr("Stream");
}

void StreamTab::build()
{
    m_sides = new SegmentedControl(this);
    m_views = new SegmentedControl(this);
    m_summary = new SecondaryLabel(TextRole::Small, this);
    m_summary->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_view = new TableView(this, Density::Log);
    m_view->setModel(m_events);
    m_text = new QPlainTextEdit(this);
    m_text->setReadOnly(true);
    m_text->setFrameShape(QFrame::NoFrame);
    m_text->setTabChangesFocus(true);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_text->document()->setDocumentMargin(Theme::px(8));
    m_pages = new QStackedWidget(this);
    m_pages->addWidget(m_view);
    m_pages->addWidget(m_text);
    m_note = new SecondaryLabel(TextRole::Body, this);
    m_note->setAlignment(Qt::AlignCenter);
    m_note->setWordWrap(true);
    m_note->setMargin(Theme::px(20));
    m_note->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_pages->addWidget(m_note);
    auto *bar = new QHBoxLayout;
    bar->setContentsMargins(Theme::px(12), Theme::px(6), Theme::px(12), Theme::px(6));
    bar->setSpacing(Theme::px(8));
    bar->addWidget(m_views);
    bar->addWidget(m_sides);
    bar->addStretch(1);
    m_gaps = new GapHistogram(this);
    m_gaps->hide();
    auto *note = new QHBoxLayout;
    note->setContentsMargins(Theme::px(12), Theme::px(4), Theme::px(12), Theme::px(4));
    note->setSpacing(Theme::px(16));
    note->addWidget(m_gaps);
    note->addWidget(m_summary, 1);
    content()->addLayout(bar);
    content()->addWidget(m_pages, 1);
    content()->addLayout(note);
    connect(m_sides, &SegmentedControl::chosen, this, [this] { read(); });
    connect(m_views, &SegmentedControl::chosen, this, [this] { read(); });
}

void StreamTab::setTexts()
{
    m_views->setAccessibleName(tr("Events or text"));
    m_sides->setAccessibleName(tr("Side of the gateway"));
    m_view->setAccessibleName(tr("Events"));
    m_text->setAccessibleName(tr("What the stream says"));
    m_views->setSegments(
        {{.id = eventsView, .text = tr("Events")}, {.id = assembledView, .text = tr("Assembled")}});
    m_sides->setSegments({{.id = clientSide, .text = tr("Client ⇄ gateway")},
                          {.id = providerSide, .text = tr("Gateway ⇄ provider")}});
    m_events->retranslate();
    m_gaps->retranslate();
    refreshSummary();
}

void StreamTab::read()
{
    using Events = std::vector<admin::StreamEvent>;
    const bool isAssembled = m_views->current() == assembledView;
    m_sides->setVisible(!isAssembled);
    if (isAssembled) {
        showAssembled();
        return;
    }
    setBusy(true);
    const bool isClient = m_sides->current() == clientSide;
    const domain::CapturePart part{
        .side = isClient ? Side::ClientAnswer : Side::ProviderAnswer,
        .attempt = isClient ? 0 : std::max(static_cast<int>(report().attempts.size()) - 1, 0)};
    const int asked = ++m_asked;
    admin::whenDone(services().administration.captures.events(record().requestId, part),
                    this,
                    [this, asked, of = generation()](const base::Result<Events> &events) {
                        if (asked != m_asked || of != generation())
                            return;
                        if (!events)
                            showNote(events.error().message.translated());
                        else if (events->empty())
                            showNote(tr("The answer was no stream."));
                        else
                            present(*events);
                    });
}

// Under the switches, which lead to what there is instead.
void StreamTab::showNote(const QString &text)
{
    m_note->setText(text);
    m_summary->clear();
    m_gaps->hide();
    m_pages->setCurrentWidget(m_note);
    showContent();
}

void StreamTab::present(const std::vector<admin::StreamEvent> &events)
{
    m_events->setRows(MessageColumns::streamRows(events));
    refreshSummary();
    m_pages->setCurrentWidget(m_view);
    showContent();
}

void StreamTab::showAssembled()
{
    setBusy(true);
    const int asked = ++m_asked;
    admin::whenDone(
        services().administration.captures.conversation(record().requestId),
        this,
        [this, asked, of = generation()](const base::Result<admin::Conversation> &conversation) {
            if (asked != m_asked || of != generation())
                return;
            if (!conversation) {
                showNote(conversation.error().message.translated());
                return;
            }
            m_text->setPlainText(conversation->answerText().left(shownOfText));
            m_pages->setCurrentWidget(m_text);
            refreshSummary();
            showContent();
        });
}

// How many, and where it paused.
void StreamTab::refreshSummary()
{
    const std::vector<StreamRow> &rows = m_events->rows();
    m_gaps->setVisible(m_views->current() != assembledView && rows.size() > 1);
    if (m_views->current() == assembledView) {
        m_summary->setText(tr("%n characters", nullptr, static_cast<int>(assembledText().size())));
        return;
    }
    if (rows.empty()) {
        m_summary->clear();
        return;
    }
    GapHistogram::Counts gaps{};
    const StreamRow *longest = &rows.front();
    for (const StreamRow &row : rows) {
        if (row.place == 0)
            continue;
        ++gaps.at(GapHistogram::classOf(row.gapMicroseconds));
        if (row.gapMicroseconds > longest->gapMicroseconds)
            longest = &row;
    }
    m_gaps->setCounts(gaps);
    m_summary->setText(
        tr("%n events", nullptr, static_cast<int>(rows.size())) + u" · "_s
        + tr("the longest, %1, before #%2")
              .arg(Format::duration(std::chrono::microseconds(longest->gapMicroseconds)),
                   Format::count(longest->place + 1)));
    m_summary->setToolTip(plainTip(m_summary->text()));
}

QString StreamTab::assembledText() const
{
    return m_text->toPlainText();
}

QString StreamTab::summary() const
{
    return m_summary->text();
}

} // namespace gatehouse::ui
