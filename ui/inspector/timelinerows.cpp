#include "inspector/timelinerows.h"

#include "widgets/format.h"

#include <QLocale>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

using domain::AttemptNote;
using Kind = TimelineRow::Kind;

constexpr qint64 microsPerMilli = 1'000;
// A shorter time between attempts or at the end is no line of its own.
constexpr qint64 worthShowing = 1'000;

QString duration(qint64 microseconds)
{
    return Format::duration(std::chrono::microseconds(std::max<qint64>(microseconds, 0)));
}

// It did not end by itself: nobody wanted the answer any more. The provider is not to blame.
bool wasGivenUp(const AttemptNote &note)
{
    return note.errorCode == "client_gone" || note.errorCode == "cancelled_by_administrator"
           || note.errorCode == "shutting_down" || note.errorCode == "gateway_restarted";
}

bool hasFailed(const AttemptNote &note)
{
    return !note.errorCode.isEmpty() && !wasGivenUp(note);
}

QString connectText(const AttemptNote &note)
{
    if (note.reused)
        return note.tls ? Timeline::tr("connection reused, TLS")
                        : Timeline::tr("connection reused");
    return note.tls ? Timeline::tr("connect, TLS, new") : Timeline::tr("connect, new");
}

// "503 Service Unavailable" for the statuses one meets.
QString statusText(int status)
{
    switch (status) {
    case 400:
        return u"400 Bad Request"_s;
    case 401:
        return u"401 Unauthorized"_s;
    case 402:
        return u"402 Payment Required"_s;
    case 403:
        return u"403 Forbidden"_s;
    case 404:
        return u"404 Not Found"_s;
    case 429:
        return u"429 Too Many Requests"_s;
    case 500:
        return u"500 Internal Server Error"_s;
    case 502:
        return u"502 Bad Gateway"_s;
    case 503:
        return u"503 Service Unavailable"_s;
    case 504:
        return u"504 Gateway Timeout"_s;
    default:
        return QString::number(status);
    }
}

class RowMaker
{
public:
    explicit RowMaker(const admin::RequestReport &report)
        : m_report(report)
        , m_attempts(report.attempts)
    {
        for (admin::AttemptReport &attempt : m_attempts)
            attempt.note.startedAt = std::max<qint64>(attempt.note.startedAt, 0);
    }

    std::vector<TimelineRow> make();

private:
    qint64 endOf(const AttemptNote &note) const;
    void addAttempt(int number, const admin::AttemptReport &attempt);
    void addPhases(const admin::AttemptReport &attempt);
    void addWait(const admin::AttemptReport &attempt, qint64 from);
    QString streamingText(const AttemptNote &note) const;

    const admin::RequestReport &m_report;
    std::vector<admin::AttemptReport> m_attempts;
    std::vector<TimelineRow> m_rows{};
};

// Of one that goes on: until now.
qint64 RowMaker::endOf(const AttemptNote &note) const
{
    const qint64 now = m_report.line.record.elapsedMilliseconds * microsPerMilli;
    return note.endedAt >= note.startedAt ? note.endedAt : std::max(now, note.startedAt);
}

QString RowMaker::streamingText(const AttemptNote &note) const
{
    const domain::UsageRecord &record = m_report.line.record;
    if (!record.stream)
        return Timeline::tr("receiving the answer");
    const qint64 length = endOf(note) - note.begunAt;
    const qint64 tokens = record.usage.output;
    if (tokens <= 0 || length <= 0)
        return Timeline::tr("streaming");
    const double speed = static_cast<double>(tokens) * 1e6 / static_cast<double>(length);
    return Timeline::tr("streaming %1 tokens, %2").arg(Format::count(tokens), Format::rate(speed));
}

// From the connection to the first token: the request goes out, the head of the answer comes, and what
// it says begins. Where a time is not known, what it parts stands in one line.
void RowMaker::addWait(const admin::AttemptReport &attempt, qint64 from)
{
    const AttemptNote &note = attempt.note;
    const bool began = note.begunAt >= from;
    const qint64 until = began ? note.begunAt : endOf(note);
    const bool isStream = m_report.line.record.stream;
    if (note.sentAt > from && note.sentAt <= until) {
        m_rows.push_back({.kind = Kind::Sending,
                          .text = Timeline::tr("sending the request"),
                          .begin = from,
                          .end = note.sentAt});
        from = note.sentAt;
    }
    if (began && note.answeredAt > from && note.answeredAt <= until) {
        m_rows.push_back({.kind = Kind::Waiting,
                          .text = Timeline::tr("waiting for the first byte"),
                          .begin = from,
                          .end = note.answeredAt});
        from = note.answeredAt;
        if (from == until)
            return;
    }
    const bool isAtFault = hasFailed(note) && !began;
    QString text = isStream ? Timeline::tr("waiting for the first token")
                            : Timeline::tr("waiting for the answer");
    if (isAtFault)
        text = note.status > 0 ? statusText(note.status) : Timeline::tr("no answer");
    m_rows.push_back({.kind = Kind::Waiting,
                      .text = text,
                      .begin = from,
                      .end = until,
                      .tone = isAtFault ? Tone::Failure : Tone::Neutral,
                      .isFailure = isAtFault});
}

void RowMaker::addPhases(const admin::AttemptReport &attempt)
{
    const AttemptNote &note = attempt.note;
    const qint64 end = endOf(note);
    const bool failed = hasFailed(note);
    const bool brokeOff = failed || wasGivenUp(note);
    qint64 from = note.startedAt;
    if (note.connectedAt >= from) {
        m_rows.push_back({.kind = Kind::Connect,
                          .text = connectText(note),
                          .begin = from,
                          .end = note.connectedAt});
        from = note.connectedAt;
    } else if (note.status == 0 && failed) {
        m_rows.push_back({.kind = Kind::Connect,
                          .text = Timeline::tr("no connection"),
                          .toolTip = attempt.reason,
                          .begin = from,
                          .end = end,
                          .tone = Tone::Failure,
                          .isFailure = true});
        return;
    }
    const bool began = note.begunAt >= from;
    addWait(attempt, from);
    if (!began)
        return;
    m_rows.push_back({.kind = Kind::Streaming,
                      .text = brokeOff ? Timeline::tr("broke off") : streamingText(note),
                      .toolTip = brokeOff ? attempt.reason : QString(),
                      .begin = note.begunAt,
                      .end = end,
                      .tone = failed ? Tone::Failure : Tone::Neutral,
                      .isFailure = failed});
}

void RowMaker::addAttempt(int number, const admin::AttemptReport &attempt)
{
    const AttemptNote &note = attempt.note;
    const bool runs = m_report.line.running && number == static_cast<int>(m_attempts.size());
    const auto [glyph, tone] = runs               ? std::pair(Glyph::Ring, Tone::Busy)
                               : wasGivenUp(note) ? std::pair(Glyph::Barred, Tone::Neutral)
                               : hasFailed(note)  ? std::pair(Glyph::Cross, Tone::Failure)
                                                  : std::pair(Glyph::Tick, Tone::Good);
    TimelineRow row{.kind = Kind::Attempt,
                    .text = u"%1  %2"_s.arg(number).arg(
                        attempt.channelName.isEmpty() ? Timeline::tr("a channel that is no more")
                                                      : attempt.channelName),
                    .toolTip = attempt.reason,
                    .begin = note.startedAt,
                    .end = endOf(note),
                    .glyph = glyph,
                    .tone = tone};
    if (!attempt.keyEnding.isEmpty())
        row.detail = u"…%1"_s.arg(attempt.keyEnding);
    m_rows.push_back(std::move(row));
    addPhases(attempt);
}

std::vector<TimelineRow> RowMaker::make()
{
    const qint64 total = m_report.line.record.elapsedMilliseconds * microsPerMilli;
    if (m_attempts.empty()) {
        m_rows.push_back({.text = Timeline::tr("Gatehouse: no channel was asked"), .end = total});
        return std::move(m_rows);
    }
    m_rows.push_back({.text = Timeline::tr("Gatehouse: token, budget, route"),
                      .end = m_attempts.front().note.startedAt});
    qint64 last = m_attempts.front().note.startedAt;
    int number = 0;
    for (const admin::AttemptReport &attempt : m_attempts) {
        if (attempt.note.startedAt - last >= worthShowing) {
            m_rows.push_back({.text = Timeline::tr("Gatehouse: before the next attempt"),
                              .begin = last,
                              .end = attempt.note.startedAt});
        }
        addAttempt(++number, attempt);
        last = endOf(attempt.note);
    }
    if (!m_report.line.running && total - last >= worthShowing)
        m_rows.push_back(
            {.text = Timeline::tr("Gatehouse: record stored"), .begin = last, .end = total});
    return std::move(m_rows);
}

} // namespace

std::vector<TimelineRow> Timeline::rows(const admin::RequestReport &report)
{
    return RowMaker(report).make();
}

qint64 Timeline::overhead(const admin::RequestReport &report)
{
    // Nobody was asked, so that all of it was spent here.
    if (report.attempts.empty()) {
        const bool isKnown = !report.line.running && !report.line.record.requestId.isEmpty();
        return isKnown ? report.line.record.elapsedMilliseconds * microsPerMilli : -1;
    }
    qint64 sum = 0;
    qint64 last = 0;
    for (const admin::AttemptReport &attempt : report.attempts) {
        sum += std::max<qint64>(0, attempt.note.startedAt - last);
        last = attempt.note.endedAt;
    }
    return sum;
}

std::vector<qint64> Timeline::ticks(qint64 length, int most)
{
    std::vector<qint64> ticks{0};
    if (length <= 0)
        return ticks;
    qint64 step = 1;
    constexpr qint64 factors[] = {1, 2, 5};
    for (int i = 0; length / step >= most; ++i) {
        qint64 power = 1;
        for (int j = 0; j < (i + 1) / 3; ++j)
            power *= 10;
        step = factors[(i + 1) % 3] * power;
    }
    for (qint64 at = step; at <= length; at += step)
        ticks.push_back(at);
    return ticks;
}

QStringList Timeline::tickTexts(const std::vector<qint64> &ticks)
{
    constexpr qint64 perSecond = 1'000'000;
    const qint64 last = ticks.empty() ? 0 : ticks.back();
    const qint64 unit = last >= perSecond ? perSecond : last >= microsPerMilli ? microsPerMilli : 1;
    const QString pattern = unit == perSecond        ? tr("%1 s")
                            : unit == microsPerMilli ? tr("%1 ms")
                                                     : tr("%1 µs");
    int decimals = 0;
    const qint64 step = ticks.size() > 1 ? ticks[1] - ticks[0] : unit;
    for (qint64 part = unit; step % part != 0; part /= 10)
        ++decimals;
    QStringList texts;
    for (const qint64 tick : ticks) {
        const double value = static_cast<double>(tick) / static_cast<double>(unit);
        texts.append(pattern.arg(QLocale().toString(value, 'f', decimals)));
    }
    return texts;
}

QString Timeline::description(const std::vector<TimelineRow> &rows)
{
    QStringList lines;
    for (const TimelineRow &row : rows) {
        const QString name = row.detail.isEmpty() ? row.text : row.text + u' ' + row.detail;
        QString line =
            tr("%1: %2, from %3 on").arg(name, duration(row.end - row.begin), duration(row.begin));
        if (!row.toolTip.isEmpty())
            line += u". "_s + row.toolTip;
        lines.append(line);
    }
    return lines.join(u'\n');
}

} // namespace gatehouse::ui
