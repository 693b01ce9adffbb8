#include "inspector/messagetab.h"

#include "admin/administration.h"
#include "admin/flow.h"
#include "capture/bodyview.h"
#include "capture/jsonview.h"
#include "theme/plaintip.h"
#include "theme/style.h"
#include "theme/theme.h"
#include "widgets/fields/segmentedcontrol.h"
#include "widgets/secondarylabel.h"
#include "widgets/table/tableview.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QStackedWidget>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

using Side = domain::CapturePart::Side;

constexpr int oneBar = 820; // the design pixels that all controls need beside each other

// The ids of segments.
const QString headersView = u"headers"_s;
const QString bodyView = u"body"_s;
const QString treeView = u"tree"_s;
const QString rewritesView = u"rewrites"_s;

} // namespace

MessageTab::MessageTab(Direction direction, const Services &services, QWidget *parent)
    : CaptureTab(services, parent)
    , m_direction(direction)
    , m_headers(new HeaderTable(
          MessageColumns::headers(), [](const HeaderRow &row) { return row.place; }, this))
    , m_rewrites(new RewriteTable(
          MessageColumns::rewrites(direction == Direction::Request ? MessageColumns::Way::ToProvider
                                                                   : MessageColumns::Way::ToClient),
          [](const RewriteRow &row) { return row.place; },
          this))
{
    build();
    texts().add([this] { setTexts(); });
}

QString MessageTab::title() const
{
    return m_direction == Direction::Request ? tr("Request") : tr("Response");
}

void MessageTab::build()
{
    m_sides = new SegmentedControl(this);
    m_views = new SegmentedControl(this);
    m_attempts = new QComboBox(this);
    setSmall(m_attempts);
    m_attempts->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_attempts->setMinimumContentsLength(18);
    m_line = new SecondaryLabel(TextRole::Fixed, this);
    m_line->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_line->setTextInteractionFlags(Qt::TextSelectableByMouse);
    auto *first = new QHBoxLayout;
    first->setSpacing(Theme::px(8));
    first->addWidget(m_sides);
    first->addWidget(m_attempts);
    first->addStretch();
    auto *second = new QHBoxLayout;
    second->setSpacing(Theme::px(8));
    second->addWidget(m_views);
    second->addWidget(m_line, 1);
    m_bar = new QBoxLayout(QBoxLayout::TopToBottom);
    m_bar->setContentsMargins(Theme::px(12), Theme::px(6), Theme::px(12), Theme::px(6));
    m_bar->setSpacing(Theme::px(6));
    m_bar->addLayout(first);
    m_bar->addLayout(second, 1);

    m_headerView = new TableView(this, Density::Log);
    m_headerView->setModel(m_headers);
    m_body = new BodyView(services(), this);
    m_tree = new JsonView(this);
    m_rewriteView = new TableView(this, Density::Log);
    m_rewriteView->setModel(m_rewrites);
    m_note = new SecondaryLabel(TextRole::Body, this);
    m_note->setWordWrap(true);
    m_note->setAlignment(Qt::AlignCenter);
    m_note->setMargin(Theme::px(20));
    m_pages = new QStackedWidget(this);
    for (QWidget *page : {static_cast<QWidget *>(m_headerView),
                          static_cast<QWidget *>(m_body),
                          static_cast<QWidget *>(m_tree),
                          static_cast<QWidget *>(m_rewriteView),
                          static_cast<QWidget *>(m_note)})
        m_pages->addWidget(page);
    content()->addLayout(m_bar);
    content()->addWidget(m_pages, 1);
    connect(m_sides, &SegmentedControl::chosen, this, &MessageTab::refresh);
    connect(m_views, &SegmentedControl::chosen, this, &MessageTab::showView);
    connect(m_attempts, &QComboBox::activated, this, &MessageTab::refresh);
}

void MessageTab::resizeEvent(QResizeEvent *event)
{
    CaptureTab::resizeEvent(event);
    m_bar->setDirection(width() >= Theme::px(oneBar) ? QBoxLayout::LeftToRight
                                                     : QBoxLayout::TopToBottom);
}

void MessageTab::setTexts()
{
    m_sides->setAccessibleName(tr("Side of the gateway"));
    m_views->setAccessibleName(tr("Part of the message"));
    m_attempts->setAccessibleName(tr("Attempt"));
    m_headerView->setAccessibleName(tr("Head"));
    m_rewriteView->setAccessibleName(tr("What was rewritten"));
    m_sides->setSegments({{.id = clientSide, .text = tr("Client ⇄ gateway")},
                          {.id = providerSide, .text = tr("Gateway ⇄ provider")}});
    QList<Segment> views{{.id = headersView, .text = tr("Headers")},
                         {.id = bodyView, .text = tr("Body")},
                         {.id = treeView, .text = tr("JSON")}};
    views.append({.id = rewritesView,
                  .text = tr("Changes"),
                  .toolTip = m_direction == Direction::Request
                                 ? tr("What the gateway changed on the way to the provider")
                                 : tr("What the gateway changed on the way to the client")});
    m_views->setSegments(views);
    m_headers->retranslate();
    m_rewrites->retranslate();
    fillAttempts();
}

void MessageTab::read()
{
    setBusy(true);
    admin::whenDone(services().administration.captures.find(record().requestId),
                    this,
                    [this, asked = generation()](const base::Result<domain::Capture> &capture) {
                        if (asked != generation())
                            return;
                        if (!capture) {
                            showText(capture.error().message.translated());
                            return;
                        }
                        present(*capture);
                    });
}

void MessageTab::present(const domain::Capture &capture)
{
    m_capture = capture;
    fillAttempts();
    m_attempts->setCurrentIndex(m_attempts->count() - 1);
    showContent();
    refresh();
}

void MessageTab::fillAttempts()
{
    const int current = m_attempts->currentIndex();
    m_attempts->clear();
    int number = 0;
    for (const domain::CapturedAttempt &attempt : m_capture.attempts) {
        m_attempts->addItem(
            tr("Attempt %1, %2").arg(++number).arg(QString::fromUtf8(attempt.channelName)));
    }
    m_attempts->setCurrentIndex(current);
}

domain::CapturePart MessageTab::part() const
{
    const bool isRequest = m_direction == Direction::Request;
    if (m_sides->current() == clientSide)
        return {.side = isRequest ? Side::ClientRequest : Side::ClientAnswer};
    return {.side = isRequest ? Side::ProviderRequest : Side::ProviderAnswer,
            .attempt = std::max(m_attempts->currentIndex(), 0)};
}

const domain::CapturedMessage *MessageTab::message() const
{
    const domain::CapturedMessage *found = messageOf(m_capture, part());
    return found && found->isPresent() ? found : nullptr;
}

void MessageTab::refresh()
{
    const bool isProvider = m_sides->current() == providerSide;
    m_attempts->setVisible(isProvider && m_capture.attempts.size() > 1);
    const domain::CapturedMessage *shown = message();
    const QString line = shown ? QString::fromUtf8(shown->line) : QString();
    m_line->setText(m_direction == Direction::Answer && shown ? tr("Status %1").arg(line) : line);
    m_line->setToolTip(plainTip(m_line->text()));
    showView();
}

void MessageTab::showView()
{
    ++m_viewGeneration;
    setBusy(false);
    const domain::CapturedMessage *shown = message();
    if (m_views->current() == rewritesView)
        return showRewrites();
    if (!shown) {
        return showNote(m_direction == Direction::Request ? tr("Nothing was sent here.")
                                                          : tr("Nothing was answered here."));
    }
    if (m_views->current() == treeView)
        return showTree();
    if (m_views->current() == bodyView) {
        m_body->show(m_capture.requestId, part(), *shown);
        m_pages->setCurrentWidget(m_body);
        return;
    }
    m_headers->setRows(MessageColumns::headerRows(*shown));
    m_pages->setCurrentWidget(m_headerView);
}

void MessageTab::showNote(const QString &text)
{
    setBusy(false);
    m_note->setText(text);
    m_pages->setCurrentWidget(m_note);
}

void MessageTab::showTree()
{
    using Outline = std::shared_ptr<const admin::JsonOutline>;
    setBusy(true);
    admin::whenDone(services().administration.captures.outline(m_capture.requestId, part()),
                    this,
                    [this, asked = m_viewGeneration](const base::Result<Outline> &outline) {
                        if (asked != m_viewGeneration)
                            return;
                        if (!outline)
                            return showNote(outline.error().message.translated());
                        if ((*outline)->nodes().empty())
                            return showNote(tr("The body is no JSON."));
                        setBusy(false);
                        m_tree->show(*outline);
                        m_pages->setCurrentWidget(m_tree);
                    });
}

QString MessageTab::nothingChanged() const
{
    if (m_capture.attempts.empty())
        return tr("Nothing was sent to a provider.");
    if (m_direction == Direction::Request)
        return tr("Nothing was changed: the provider got the body as the client sent it.");
    return tr("Nothing was changed: the client got the body as the provider sent it.");
}

void MessageTab::showRewrites()
{
    using Rewrites = std::vector<admin::Rewrite>;
    setBusy(true);
    const int attempt = m_attempts->count() > 0 ? m_attempts->currentIndex() : -1;
    const bool isRequest = m_direction == Direction::Request;
    admin::CaptureService &captures = services().administration.captures;
    admin::whenDone(isRequest ? captures.rewrites(m_capture.requestId, attempt)
                              : captures.answerRewrites(m_capture.requestId, attempt),
                    this,
                    [this, asked = m_viewGeneration](const base::Result<Rewrites> &rewrites) {
                        if (asked != m_viewGeneration)
                            return;
                        if (!rewrites)
                            return showNote(rewrites.error().message.translated());
                        if (rewrites->empty()) {
                            return showNote(nothingChanged());
                        }
                        setBusy(false);
                        m_rewrites->setRows(MessageColumns::rewriteRows(*rewrites));
                        m_pages->setCurrentWidget(m_rewriteView);
                    });
}

} // namespace gatehouse::ui
