#include "channels/testcolumns.h"

#include "channels/channelcolumns.h"
#include "charts/budgetbar.h"
#include "domain/providertype.h"
#include "theme/lettertile.h"
#include "theme/theme.h"
#include "widgets/format.h"

#include <QPainter>
#include <QResizeEvent>

#include <map>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

using admin::TestStep;
using admin::TestVerdict;

namespace {

std::chrono::milliseconds elapsedOf(const TestStep &step)
{
    if (step.state == TestStep::State::Running) {
        const qint64 passed = QDateTime::currentMSecsSinceEpoch() - step.beganAt;
        return std::chrono::milliseconds(qMax<qint64>(0, passed));
    }
    return step.outcome.elapsed;
}

// What was answered, in one line, with the status that it came with.
QString detailOf(const admin::ChannelTestOutcome &outcome)
{
    const QString text = outcome.text.translated().simplified();
    return outcome.httpStatus > 0
               ? TestColumns::tr("%1: %2").arg(QString::number(outcome.httpStatus), text)
               : text;
}

Cell resultCell(const TestStep &step)
{
    switch (step.state) {
    case TestStep::State::Waiting:
        return {.text = TestColumns::tr("In line"), .secondary = true};
    case TestStep::State::Running:
        return {.text = TestColumns::tr("Waiting for an answer"),
                .glyph = Glyph::Ring,
                .tone = Tone::Busy};
    case TestStep::State::Done:
        break;
    }
    const admin::ChannelTestOutcome &outcome = step.outcome;
    return {.text = TestColumns::verdictText(outcome.verdict),
            .suffix = detailOf(outcome).left(300),
            .toolTip = outcome.text.translated().left(2000),
            .glyph = TestColumns::glyph(outcome.verdict),
            .tone = TestColumns::tone(outcome.verdict),
            .plain = outcome.verdict == TestVerdict::Answered};
}

// Empty where nothing was asked; a fast answer has taken its time, too.
QString timeText(const admin::ChannelTestOutcome &outcome)
{
    using State = admin::ChannelTestOutcome::State;
    if (outcome.elapsed.count() > 0)
        return Format::duration(outcome.elapsed);
    return outcome.state == State::NotTested ? QString() : TestColumns::tr("<1 ms");
}

QString reportedState(const TestStep &step)
{
    switch (step.state) {
    case TestStep::State::Waiting:
        return TestColumns::tr("In line");
    case TestStep::State::Running:
        return TestColumns::tr("Waiting for an answer");
    case TestStep::State::Done:
        break;
    }
    return TestColumns::verdictText(step.outcome.verdict);
}

Cell timeCell(const TestStep &step)
{
    switch (step.state) {
    case TestStep::State::Waiting:
        break;
    case TestStep::State::Running: {
        const std::chrono::milliseconds elapsed = elapsedOf(step);
        return elapsed.count() > 0 ? Cell::of(Format::duration(elapsed)) : Cell();
    }
    case TestStep::State::Done: {
        const QString text = timeText(step.outcome);
        return text.isEmpty() ? Cell() : Cell::of(text);
    }
    }
    return {};
}

} // namespace

std::vector<Column<TestStep>> TestColumns::columns(std::chrono::milliseconds timeout)
{
    using Row = TestStep;
    std::vector<Column<Row>> columns;
    columns.push_back(
        {.traits = {.key = u"channel"_s, .title = [] { return tr("Channel"); }, .width = 186},
         .cell = [](const Row &row) {
             return Cell::named(row.channelName, providerTile(row.channelType));
         }});
    columns.push_back({.traits = {.key = u"key"_s, .title = [] { return tr("Key"); }, .width = 66},
                       .cell = [](const Row &row) {
                           if (row.key == 0 || row.channelType == domain::provider::echo)
                               return Cell{.text = tr("none"), .secondary = true};
                           return Cell{.text = row.keyEnding.isEmpty()
                                                   ? tr("short")
                                                   : tr("…%1").arg(row.keyEnding),
                                       .secondary = row.keyEnding.isEmpty(),
                                       .fixed = !row.keyEnding.isEmpty()};
                       }});
    columns.push_back(
        {.traits = {.key = u"model"_s, .title = [] { return tr("Model"); }, .width = 180},
         .cell = [](const Row &row) {
             const QString model = row.model.isEmpty() ? row.outcome.model : row.model;
             if (model.isEmpty())
                 return Cell{.text = tr("its list"), .secondary = true};
             return Cell{.text = model, .elide = Qt::ElideMiddle};
         }});
    columns.push_back({.traits = {.key = u"status"_s,
                                  .title = [] { return tr("Result"); },
                                  .width = 240,
                                  .stretch = true},
                       .cell = resultCell,
                       .sort = [](const Row &row) {
                           return QVariant(static_cast<int>(row.state) * 100
                                           + static_cast<int>(row.outcome.verdict));
                       }});
    columns.push_back({.traits = {.key = u"time"_s,
                                  .title = [] { return tr("Time"); },
                                  .kind = ColumnKind::Number,
                                  .width = 136},
                       .cell = timeCell,
                       .sort =
                           [](const Row &row) {
                               if (row.state == TestStep::State::Waiting)
                                   return QVariant(); // comes last
                               return QVariant(static_cast<qint64>(elapsedOf(row).count()));
                           },
                       .other =
                           [timeout](const Row &row, int role) {
                               if (role != progressRole || row.state != TestStep::State::Running)
                                   return QVariant();
                               return QVariant(static_cast<double>(elapsedOf(row).count())
                                               / static_cast<double>(timeout.count()));
                           }});
    return columns;
}

QString TestColumns::verdictText(TestVerdict verdict)
{
    switch (verdict) {
    case TestVerdict::Answered:
        return tr("Answered");
    case TestVerdict::Slow:
        return tr("Answered slowly");
    case TestVerdict::KeyRefused:
        return tr("Key refused");
    case TestVerdict::NoCredit:
        return tr("Out of credit");
    case TestVerdict::RateLimited:
        return tr("Rate-limited");
    case TestVerdict::UnknownModel:
        return tr("Model unknown");
    case TestVerdict::Refused:
        return tr("Refused");
    case TestVerdict::ProviderFault:
        return tr("Provider error");
    case TestVerdict::TimedOut:
        return tr("No answer in time");
    case TestVerdict::NotReached:
        return tr("Not reached");
    case TestVerdict::NotUnderstood:
        return tr("Answer not understood");
    case TestVerdict::NotTested:
        return tr("Not tested");
    }
    return {};
}

QString TestColumns::sumText(TestVerdict verdict, int count)
{
    switch (verdict) {
    case TestVerdict::Answered:
        return tr("%n answered", nullptr, count);
    case TestVerdict::Slow:
        return tr("%n slow", nullptr, count);
    case TestVerdict::KeyRefused:
        return tr("%n keys refused", nullptr, count);
    case TestVerdict::NoCredit:
        return tr("%n out of credit", nullptr, count);
    case TestVerdict::RateLimited:
        return tr("%n rate-limited", nullptr, count);
    case TestVerdict::UnknownModel:
        return tr("%n models unknown", nullptr, count);
    case TestVerdict::Refused:
        return tr("%n refused", nullptr, count);
    case TestVerdict::ProviderFault:
        return tr("%n provider errors", nullptr, count);
    case TestVerdict::TimedOut:
        return tr("%n timed out", nullptr, count);
    case TestVerdict::NotReached:
        return tr("%n not reached", nullptr, count);
    case TestVerdict::NotUnderstood:
        return tr("%n not understood", nullptr, count);
    case TestVerdict::NotTested:
        return tr("%n not tested", nullptr, count);
    }
    return {};
}

Glyph TestColumns::glyph(TestVerdict verdict)
{
    switch (verdict) {
    case TestVerdict::Answered:
        return Glyph::Tick;
    case TestVerdict::Slow:
        return Glyph::HalfDisc;
    case TestVerdict::KeyRefused:
        return Glyph::Key;
    case TestVerdict::NoCredit:
        return Glyph::Dollar;
    case TestVerdict::RateLimited:
        return Glyph::Hourglass;
    case TestVerdict::NotTested:
        return Glyph::Barred;
    default:
        return Glyph::Cross;
    }
}

Tone TestColumns::tone(TestVerdict verdict)
{
    switch (verdict) {
    case TestVerdict::Answered:
        return Tone::Good;
    case TestVerdict::Slow:
    case TestVerdict::RateLimited:
        return Tone::Caution;
    case TestVerdict::KeyRefused:
    case TestVerdict::NoCredit:
        return Tone::Action;
    case TestVerdict::NotTested:
        return Tone::Neutral;
    default:
        return Tone::Failure;
    }
}

QString TestColumns::outcomeText(const admin::ChannelTestOutcome &outcome)
{
    switch (outcome.state) {
    case admin::ChannelTestOutcome::State::Answered:
        return tr("answered in %1").arg(timeText(outcome));
    case admin::ChannelTestOutcome::State::Refused:
        return tr("the provider answered %1: %2")
            .arg(QString::number(outcome.httpStatus), outcome.text.translated());
    case admin::ChannelTestOutcome::State::Failed:
    case admin::ChannelTestOutcome::State::NotTested:
        return outcome.text.translated();
    }
    return {};
}

QString TestColumns::report(const admin::ChannelTestRun &run)
{
    QStringList sums;
    for (const auto &[verdict, count] : verdictsOf(run))
        sums.append(sumText(verdict, count));
    QStringList lines{sums.join(u", "_s)};
    for (const TestStep &step : run.steps) {
        const bool done = step.state == TestStep::State::Done;
        const QString key = step.keyEnding.isEmpty() ? QString() : u"…"_s + step.keyEnding;
        const QString model = step.model.isEmpty() ? step.outcome.model : step.model;
        const QStringList parts{step.channelName,
                                key,
                                model,
                                reportedState(step),
                                done ? timeText(step.outcome) : QString(),
                                done ? detailOf(step.outcome) : QString()};
        QStringList fields;
        for (const QString &part : parts)
            fields.append(part.simplified());
        lines.append(fields.join(u'\t'));
    }
    return lines.join(u'\n') + u'\n';
}

std::vector<std::pair<TestVerdict, int>> verdictsOf(const admin::ChannelTestRun &run)
{
    std::map<TestVerdict, int> counts;
    for (const TestStep &step : run.steps) {
        if (step.hasOutcome())
            ++counts[step.outcome.verdict];
    }
    std::vector<std::pair<TestVerdict, int>> sums(counts.begin(), counts.end());
    std::stable_sort(sums.begin(), sums.end(), [](const auto &left, const auto &right) {
        return left.second > right.second;
    });
    return sums;
}

void TestTimeDelegate::paint(QPainter *painter,
                             const QStyleOptionViewItem &option,
                             const QModelIndex &index) const
{
    TableDelegate::paint(painter, option, index);
    const QVariant progress = index.data(TestColumns::progressRole);
    if (!progress.isValid())
        return;
    QRectF bar = contentRect(option);
    bar.setWidth(Theme::px(52));
    const QPointF middle = QRectF(contentRect(option)).center();
    bar.setHeight(Theme::exact(4));
    bar.moveTop(middle.y() - bar.height() / 2);
    paintBar(painter, bar, progress.toDouble(), Theme::current().accent);
}

VerdictSums::VerdictSums(QWidget *parent)
    : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void VerdictSums::show(const std::vector<std::pair<TestVerdict, int>> &verdicts)
{
    m_verdicts = verdicts;
    setAccessibleName(text());
    setToolTip(text()); // not all may find room
    fitHeight();
    update();
}

QString VerdictSums::text() const
{
    QStringList parts;
    for (const auto &[verdict, count] : m_verdicts)
        parts.append(TestColumns::sumText(verdict, count));
    return parts.join(u", "_s);
}

int VerdictSums::lineHeight()
{
    return Theme::px(22);
}

QSize VerdictSums::sizeHint() const
{
    return {Theme::px(200), lineHeight()};
}

std::vector<QRect> VerdictSums::places() const
{
    const QFontMetrics metrics(Theme::font(TextRole::Small), this);
    std::vector<QRect> places;
    int x = 0;
    int y = 0;
    for (const auto &[verdict, count] : m_verdicts) {
        const QString words = TestColumns::sumText(verdict, count);
        const int needed = Theme::px(20) + metrics.horizontalAdvance(words);
        if (x > 0 && x + needed > width()) {
            x = 0;
            y += lineHeight();
        }
        places.emplace_back(x, y, needed, lineHeight());
        x += needed + Theme::px(16);
    }
    return places;
}

void VerdictSums::fitHeight()
{
    const std::vector<QRect> all = places();
    const bool needsTwo = !all.empty() && all.back().top() > 0;
    setFixedHeight(needsTwo ? 2 * lineHeight() : lineHeight());
}

void VerdictSums::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    if (event->size().width() != event->oldSize().width())
        fitHeight();
}

void VerdictSums::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setFont(Theme::font(TextRole::Small));
    const Palette &palette = Theme::current();
    const std::vector<QRect> all = places();
    const auto draw = [&](const QRect &room, const QString &words) {
        painter.drawText(QStyle::visualRect(layoutDirection(), rect(), room),
                         Qt::AlignLeft | Qt::AlignVCenter,
                         words);
    };
    for (size_t i = 0; i < all.size(); ++i) {
        const auto &[verdict, count] = m_verdicts[i];
        const QRect &place = all[i];
        if (place.top() >= 2 * lineHeight()) {
            painter.setPen(palette.text);
            draw(all[i - 1].translated(all[i - 1].width() + Theme::px(8), 0), u"…"_s);
            break;
        }
        const ToneColors &colors = palette.tone(TestColumns::tone(verdict));
        const QRect glyph(place.topLeft(), QSize(Theme::px(14), place.height()));
        paintGlyph(&painter,
                   QStyle::visualRect(layoutDirection(), rect(), glyph),
                   TestColumns::glyph(verdict),
                   colors.mark);
        painter.setPen(verdict == TestVerdict::Answered ? palette.text : colors.text);
        draw(place.adjusted(Theme::px(20), 0, 0, 0), TestColumns::sumText(verdict, count));
    }
}

} // namespace gatehouse::ui
