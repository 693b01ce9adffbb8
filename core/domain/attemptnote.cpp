#include "domain/attemptnote.h"

#include <QJsonArray>
#include <QJsonDocument>

#include <array>
#include <charconv>

namespace gatehouse::domain {

namespace {

constexpr qsizetype longestMessage = 500;

// The places of the members in the list of an attempt.
enum Place {
    Channel,
    Key,
    StartedAt,
    ConnectedAt,
    SentAt,
    AnsweredAt,
    BegunAt,
    EndedAt,
    Flags,
    Status,
    ErrorCode,
    Message,
};

constexpr int reusedFlag = 1;
constexpr int tlsFlag = 2;
constexpr int affinityFactor = 4; // the numbers of AffinityOutcome, by this

constexpr size_t numberCount = Status + 1;
constexpr size_t longestNumber = 20;

// The numbers of an attempt, separated by commas.
void appendNumbers(QByteArray &log, const std::array<qint64, numberCount> &numbers)
{
    std::array<char, numberCount *(longestNumber + 1)>
        text; // NOLINT: what is read is written first
    char *at = text.data();
    for (const qint64 number : numbers) {
        at = std::to_chars(at, text.data() + text.size(), number).ptr;
        *at++ = ',';
    }
    log.append(text.data(), at - text.data() - 1);
}

void appendText(QByteArray &log, const QByteArray &text)
{
    const QByteArray list = QJsonDocument(QJsonArray{QString::fromUtf8(text.left(longestMessage))})
                                .toJson(QJsonDocument::Compact);
    log.append(',').append(QByteArrayView(list).sliced(1, list.size() - 2));
}

AffinityOutcome outcomeIn(int flags)
{
    const int number = flags / affinityFactor;
    return number < 0 || number > int(AffinityOutcome::Spill) ? AffinityOutcome::None
                                                              : AffinityOutcome(number);
}

AttemptNote noteFrom(const QJsonArray &list)
{
    const int flags = list.at(Flags).toInt();
    return {.channel = {list.at(Channel).toInteger()},
            .key = list.at(Key).toInteger(),
            .startedAt = list.at(StartedAt).toInteger(),
            .connectedAt = list.at(ConnectedAt).toInteger(-1),
            .sentAt = list.at(SentAt).toInteger(-1),
            .answeredAt = list.at(AnsweredAt).toInteger(-1),
            .begunAt = list.at(BegunAt).toInteger(-1),
            .endedAt = list.at(EndedAt).toInteger(),
            .reused = (flags & reusedFlag) != 0,
            .tls = (flags & tlsFlag) != 0,
            .affinity = outcomeIn(flags),
            .status = list.at(Status).toInt(),
            .errorCode = list.at(ErrorCode).toString().toUtf8(),
            .message = list.at(Message).toString().toUtf8()};
}

} // namespace

// Numbers are written by hand: the usual attempt costs a fraction of a microsecond.
QByteArray attemptLog(std::span<const AttemptNote> attempts)
{
    QByteArray log;
    constexpr qsizetype usualBytes = 96;
    log.reserve(usualBytes);
    log.append('[');
    for (const AttemptNote &note : attempts) {
        log.append(log.size() > 1 ? ",[" : "[");
        const int flags = (note.reused ? reusedFlag : 0) | (note.tls ? tlsFlag : 0)
                          | (int(note.affinity) * affinityFactor);
        appendNumbers(log,
                      {note.channel.value,
                       note.key,
                       note.startedAt,
                       note.connectedAt,
                       note.sentAt,
                       note.answeredAt,
                       note.begunAt,
                       note.endedAt,
                       flags,
                       note.status});
        if (!note.errorCode.isEmpty() || !note.message.isEmpty()) {
            appendText(log, note.errorCode);
            appendText(log, note.message);
        }
        log.append(']');
    }
    return log.append(']');
}

std::vector<AttemptNote> attemptsFrom(const QByteArray &log)
{
    std::vector<AttemptNote> attempts;
    const QJsonArray lists = QJsonDocument::fromJson(log).array();
    for (const QJsonValue &list : lists) {
        if (list.isArray() && list.toArray().size() > Status)
            attempts.push_back(noteFrom(list.toArray()));
    }
    return attempts;
}

} // namespace gatehouse::domain
