#include "inspector/summarytab.h"

#include "admin/traffic/traffic.h"
#include "domain/filterquery.h"
#include "inspector/factlist.h"
#include "theme/theme.h"
#include "widgets/clipboard.h"
#include "widgets/format.h"
#include "widgets/secondarylabel.h"
#include "widgets/sectionheading.h"
#include "widgets/table/tableview.h"

#include <QHeaderView>
#include <QScrollArea>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

// From so many design pixels on the parts stand side by side.
constexpr int twoColumns = 700;
constexpr int threeColumns = 900;
constexpr int leastTable = 400;

QString endText(const admin::TrafficLine &line)
{
    if (line.running)
        return SummaryTab::tr("still being served");
    switch (line.record.end) {
    case domain::EndReason::Completed:
        return SummaryTab::tr("completed");
    case domain::EndReason::Failed:
        return SummaryTab::tr("failed");
    case domain::EndReason::ClientGone:
        return SummaryTab::tr("the client left");
    case domain::EndReason::TimedOut:
        return SummaryTab::tr("timed out");
    case domain::EndReason::ShutDown:
        return line.record.errorCode == "gateway_restarted"
                   ? SummaryTab::tr("the gateway was restarted")
                   : SummaryTab::tr("the gateway was stopped");
    case domain::EndReason::Cancelled:
        return SummaryTab::tr("cancelled");
    }
    return {};
}

QString cacheText(domain::CacheResult result)
{
    switch (result) {
    case domain::CacheResult::Hit:
        return SummaryTab::tr("given out again from the cache, at no cost");
    case domain::CacheResult::Miss:
        return SummaryTab::tr("not in the cache");
    case domain::CacheResult::Bypass:
        return SummaryTab::tr("not looked for in the cache");
    case domain::CacheResult::None:
        break;
    }
    return {};
}

// The providers' words for the same, with what they mean.
QString finishText(const QByteArray &reason)
{
    const QString word = QString::fromUtf8(reason);
    const auto meaning = [&word]() -> QString {
        const QString known = word.toLower();
        if (known == u"stop"_s || known == u"end_turn"_s || known == u"stop_sequence"_s
            || known == u"completed"_s)
            return SummaryTab::tr("the answer was complete");
        if (known == u"length"_s || known == u"max_tokens"_s || known == u"incomplete"_s
            || known == u"max_output_tokens"_s)
            return SummaryTab::tr("the limit of tokens was reached");
        if (known == u"tool_calls"_s || known == u"tool_use"_s || known == u"function_call"_s)
            return SummaryTab::tr("a tool is to be called");
        if (known == u"content_filter"_s || known == u"refusal"_s || known == u"safety"_s
            || known == u"recitation"_s)
            return SummaryTab::tr("the provider’s rules on content");
        return {};
    }();
    return word.isEmpty() || meaning.isEmpty() ? word : SummaryTab::tr("%1: %2").arg(word, meaning);
}

QString sourceText(const domain::UsageRecord &record)
{
    if (record.usage.anomalous)
        return SummaryTab::tr("The provider told figures that cannot be; they were corrected.");
    if (record.usage.source == domain::UsageSource::Counted)
        return SummaryTab::tr("The provider told no figures; the tokens were counted here.");
    return {};
}

} // namespace

SummaryTab::SummaryTab(const Services &services, QWidget *parent)
    : InspectorTab(services, parent)
    , m_costs(new CostTable(
          CostRows::columns(), [](const CostRow &row) { return row.place; }, this))
{
    build();
    texts().add([this] {
        m_usageHeading->setText(tr("Usage and cost"));
        m_requestHeading->setText(tr("Request"));
        m_routeHeading->setText(tr("Route"));
        m_view->setAccessibleName(tr("Usage and cost"));
        m_costs->retranslate();
        if (!record().requestId.isEmpty())
            fill();
    });
}

QString SummaryTab::title() const
{
    return tr("Summary");
}

void SummaryTab::build()
{
    auto *inner = new QWidget(this);
    m_failure = new QWidget(inner);
    m_explanation = new SecondaryLabel(TextRole::Body, m_failure);
    m_providerText = new SecondaryLabel(TextRole::Fixed, m_failure);
    for (SecondaryLabel *label : {m_explanation, m_providerText}) {
        label->setWordWrap(true);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
        QSizePolicy policy(QSizePolicy::Ignored, QSizePolicy::Minimum);
        policy.setHeightForWidth(true);
        label->setSizePolicy(policy);
    }
    auto *failureLayout = new QVBoxLayout(m_failure);
    failureLayout->setContentsMargins(0, 0, 0, 0);
    failureLayout->setSpacing(Theme::px(4));
    failureLayout->addWidget(m_explanation);
    failureLayout->addWidget(m_providerText);

    m_usageHeading = new SectionHeading({}, inner);
    m_requestHeading = new SectionHeading({}, inner);
    m_routeHeading = new SectionHeading({}, inner);
    m_view = new TableView(inner, Density::Log);
    m_view->setModel(m_costs);
    m_view->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_note = new SecondaryLabel(TextRole::Small, inner);
    m_note->setWordWrap(true);
    m_who = new FactList(inner);
    m_route = new FactList(inner);
    auto *usage = new QVBoxLayout;
    usage->setSpacing(Theme::px(4));
    usage->addWidget(m_usageHeading);
    usage->addWidget(m_view);
    usage->addWidget(m_note);
    usage->addStretch();
    const auto makeFacts = [](SectionHeading *heading, FactList *list) {
        auto *part = new QVBoxLayout;
        part->setSpacing(Theme::px(4));
        part->addWidget(heading);
        part->addWidget(list);
        part->addStretch();
        return part;
    };
    m_facts = new QBoxLayout(QBoxLayout::TopToBottom);
    m_facts->setSpacing(Theme::px(16));
    m_facts->addLayout(makeFacts(m_requestHeading, m_who), 1);
    m_facts->addLayout(makeFacts(m_routeHeading, m_route), 1);
    m_columns = new QBoxLayout(QBoxLayout::TopToBottom);
    m_columns->setSpacing(Theme::px(16));
    m_columns->addLayout(usage, 3);
    m_columns->addLayout(m_facts, 5);

    auto *layout = new QVBoxLayout(inner);
    layout->setContentsMargins(Theme::px(12), Theme::px(10), Theme::px(12), Theme::px(10));
    layout->setSpacing(Theme::px(10));
    layout->addWidget(m_failure);
    layout->addLayout(m_columns);
    layout->addStretch();
    auto *area = new QScrollArea(this);
    area->setFrameShape(QFrame::NoFrame);
    area->setWidgetResizable(true);
    area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    area->setBackgroundRole(QPalette::Base);
    area->setWidget(inner);
    inner->setBackgroundRole(QPalette::Base);
    auto *outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->addWidget(area);
}

void SummaryTab::fill()
{
    fillFailure();
    m_costs->setRows(CostRows::rows(report()));
    QStringList notes;
    if (const QString source = sourceText(record()); !source.isEmpty())
        notes.append(source);
    if (record().unpriced)
        notes.append(tr("The model has no price, so that its cost is not known."));
    m_note->setText(notes.join(u' '));
    m_note->setVisible(!notes.isEmpty());
    m_who->begin();
    m_route->begin();
    fillWho();
    fillRoute();
    m_who->finish();
    m_route->finish();
    fitTable();
}

void SummaryTab::fillFailure()
{
    m_explanation->setTone(record().end == domain::EndReason::Cancelled
                                   || record().end == domain::EndReason::ClientGone
                               ? Tone::Neutral
                               : Tone::Failure);
    m_explanation->setText(report().explanation);
    m_providerText->setText(report().providerText);
    m_providerText->setAccessibleName(tr("What the provider answered"));
    m_providerText->setVisible(!report().providerText.isEmpty());
    m_failure->setVisible(!report().explanation.isEmpty());
}

void SummaryTab::fillWho()
{
    const auto filterLink = [this](const QString &name, const QString &key, const QString &value) {
        m_who->addLink(name, value, [this, key, value] {
            emit navigationRequested(PageId::Traffic, domain::exactTerm(key, value));
        });
    };
    const admin::TrafficLine &line = report().line;
    const QDateTime started = QDateTime::fromMSecsSinceEpoch(line.startedAt());
    m_who->addId(
        tr("Request ID"), QString::fromUtf8(record().requestId), [this, id = record().requestId] {
            copyText(QString::fromUtf8(id));
            emit noticeRaised([] { return tr("The request ID is in the clipboard."); });
        });
    m_who->add(tr("Started"), Format::full(started));
    if (line.running) {
        m_who->add(tr("End"), endText(line));
    } else {
        m_who->add(
            tr("End"),
            tr("%1, status %2, after %3")
                .arg(endText(line))
                .arg(record().httpStatus)
                .arg(Format::duration(std::chrono::milliseconds(record().elapsedMilliseconds))));
    }
    m_who->add(tr("Path"), line.method() + u' ' + line.path());
    filterLink(tr("Client"), u"client"_s, QString::fromUtf8(record().client));
    filterLink(tr("Address"), u"ip"_s, QString::fromUtf8(record().clientAddress));
    const auto itemLink =
        [this](const QString &name, const QString &value, PageId page, qint64 id) {
            if (id == 0) {
                m_who->add(name, value);
                return;
            }
            m_who->addLink(name, value, [this, page, id] { emit itemRequested(page, id); });
        };
    itemLink(
        tr("Token"), QString::fromUtf8(record().tokenName), PageId::Tokens, record().tokenId.value);
    itemLink(
        tr("User"), QString::fromUtf8(record().username), PageId::Users, record().userId.value);
    filterLink(tr("Session"), u"session"_s, QString::fromUtf8(record().session));
}

void SummaryTab::fillRoute()
{
    const QString model = QString::fromUtf8(record().model);
    const QString served = QString::fromUtf8(record().providerModel);
    m_route->addLink(tr("Model"), model, [this, model] {
        emit navigationRequested(PageId::Models, domain::wholeTerm(u"model"_s, model));
    });
    if (served != model)
        m_route->add(tr("Served as"), served);
    if (record().channelId.value != 0) {
        const QString name = report().line.channelName.isEmpty() ? tr("a channel that is no more")
                                                                 : report().line.channelName;
        if (report().line.channelName.isEmpty()) {
            m_route->add(tr("Channel"), name);
        } else {
            m_route->addLink(tr("Channel"), name, [this, id = record().channelId.value] {
                emit itemRequested(PageId::Channels, id);
            });
        }
    }
    QStringList left;
    for (const admin::AttemptReport &attempt : report().attempts) {
        const bool isLast = &attempt == &report().attempts.back(); // nothing came after it
        if (!attempt.reason.isEmpty() && !isLast) {
            const QString name = attempt.channelName.isEmpty() ? tr("a channel that is no more")
                                                               : attempt.channelName;
            left.append(tr("%1: %2", "a channel and why it was left").arg(name, attempt.reason));
        }
    }
    if (record().attempts > 1)
        m_route->add(tr("Attempts"), QLocale().toString(record().attempts));
    m_route->add(tr("Left before"), left.join(u'\n'));
    m_route->addLink(tr("Route"),
                     model.isEmpty() ? QString() : tr("Explain route…"),
                     [this, model] { emit routeRequested(model); });
    m_route->add(tr("Group"), QString::fromUtf8(record().group));
    m_route->add(tr("Answered as"), record().stream ? tr("a stream") : tr("one document"));
    m_route->add(tr("Answer cache"), cacheText(record().cache));
    m_route->add(tr("Ended by"), finishText(record().finishReason));
    if (record().firstByteMilliseconds >= 0) {
        m_route->add(
            tr("First token"),
            tr("after %1")
                .arg(Format::duration(std::chrono::milliseconds(record().firstByteMilliseconds))));
    }
    if (const auto speed = report().line.tokensPerSecond())
        m_route->add(tr("Speed"), Format::rate(*speed));
    m_route->add(tr("Error code"), QString::fromUtf8(record().errorCode));
    m_route->add(tr("Content"), QString::fromUtf8(record().content));
}

QString SummaryTab::factText() const
{
    return m_who->text() + u'\n' + m_route->text();
}

// The table shows all of its rows; the tab scrolls.
void SummaryTab::fitTable()
{
    int height = m_view->horizontalHeader()->sizeHint().height() + 2;
    for (int row = 0; row < m_costs->rowCount(); ++row)
        height += m_view->rowHeight(row);
    m_view->setFixedHeight(height);
}

void SummaryTab::resizeEvent(QResizeEvent *event)
{
    InspectorTab::resizeEvent(event);
    const auto directionFrom = [this](int least) {
        return width() >= Theme::px(least) ? QBoxLayout::LeftToRight : QBoxLayout::TopToBottom;
    };
    m_columns->setDirection(directionFrom(twoColumns));
    // The facts wrap beside it; of the table the costs would be cut off.
    m_view->setMinimumWidth(
        m_columns->direction() == QBoxLayout::LeftToRight ? Theme::px(leastTable) : 0);
    m_facts->setDirection(directionFrom(threeColumns));
}

} // namespace gatehouse::ui
