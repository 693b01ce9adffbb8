#include "admin/traffic/trafficexport.h"

#include <QDateTime>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSaveFile>

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

using base::ErrorCode;
using base::Message;
using base::Result;
using storage::TrafficRow;

namespace {

constexpr int rowsAtOnce = 2'000;

struct Column
{
    QString name{};
    QJsonValue (*value)(const TrafficRow &) = nullptr;
};

QJsonValue text(const QByteArray &bytes)
{
    return QString::fromUtf8(bytes);
}

#define FIELD(expression)                                                                          \
    [](const TrafficRow &row) -> QJsonValue {                                                      \
        const domain::UsageRecord &record = row.stored.record;                                     \
        Q_UNUSED(record)                                                                           \
        return expression;                                                                         \
    }

// Their names and order are part of the program's interface.
const std::vector<Column> &columns()
{
    static const std::vector<Column> all{
        {u"request_id"_s, FIELD(text(record.requestId))},
        {u"ended_at"_s,
         FIELD(QDateTime::fromMSecsSinceEpoch(record.createdAt, Qt::UTC)
                   .toString(Qt::ISODateWithMs))},
        {u"status"_s, FIELD(record.httpStatus)},
        {u"end"_s, FIELD(endName(record.end))},
        {u"error"_s, FIELD(text(record.errorCode))},
        {u"client"_s, FIELD(text(record.client))},
        {u"session"_s, FIELD(text(record.session))},
        {u"address"_s, FIELD(text(record.clientAddress))},
        {u"user"_s, FIELD(text(record.username))},
        {u"token"_s, FIELD(text(record.tokenName))},
        {u"group"_s, FIELD(text(record.group))},
        {u"operation"_s, FIELD(text(record.operation))},
        {u"model"_s, FIELD(text(record.model))},
        {u"served_model"_s, FIELD(text(record.providerModel))},
        {u"channel_id"_s, FIELD(record.channelId.value)},
        {u"channel"_s, FIELD(row.channelName)},
        {u"attempts"_s, FIELD(record.attempts)},
        {u"stream"_s, FIELD(record.stream)},
        {u"input_tokens"_s, FIELD(record.usage.input)},
        {u"cache_read_tokens"_s, FIELD(record.usage.cacheRead)},
        {u"cache_write_tokens"_s, FIELD(record.usage.cacheWrite + record.usage.cacheWriteLong)},
        {u"output_tokens"_s, FIELD(record.usage.output)},
        {u"reasoning_tokens"_s, FIELD(record.usage.reasoning)},
        {u"cost_nano_dollars"_s, FIELD(record.cost.nanoDollars)},
        {u"priced"_s, FIELD(!record.unpriced)},
        {u"first_byte_ms"_s, FIELD(record.firstByteMilliseconds)},
        {u"duration_ms"_s, FIELD(record.elapsedMilliseconds)},
        {u"finish_reason"_s, FIELD(text(record.finishReason))},
    };
    return all;
}

#undef FIELD

QString cellOf(const QJsonValue &value)
{
    if (value.isBool())
        return value.toBool() ? u"true"_s : u"false"_s;
    if (value.isDouble())
        return QString::number(value.toInteger());
    QString cell = value.toString();
    // A spreadsheet would take these for a formula.
    if (!cell.isEmpty() && u"=+-@\t\r"_s.contains(cell.front()))
        cell.prepend(u'\'');
    const bool needsQuotes =
        cell.contains(u',') || cell.contains(u'"') || cell.contains(u'\n') || cell.contains(u'\r');
    return needsQuotes ? QString(u'"' % cell.replace(u'"', u"\"\""_s) % u'"') : cell;
}

Result<storage::TrafficRows> nextRows(storage::StorageThreads &threads,
                                      const storage::TrafficCondition &condition,
                                      std::optional<storage::TrafficSpan> left)
{
    const auto read = threads.readAtLength(
        [condition, left](storage::Database &database) -> Result<storage::TrafficRows> {
            constexpr std::chrono::milliseconds budget{1'000};
            const storage::TrafficLines lines(database, condition);
            const Result<storage::TrafficSpan> span =
                left ? Result<storage::TrafficSpan>(*left) : lines.span();
            if (!span)
                return base::fail(span.error());
            return lines.newest(*span, rowsAtOnce, budget);
        });
    return read.result(); // nobody can cancel it, so that there will be one
}

} // namespace

QString endName(domain::EndReason end)
{
    switch (end) {
    case domain::EndReason::Failed:
        return u"failed"_s;
    case domain::EndReason::ClientGone:
        return u"client_gone"_s;
    case domain::EndReason::TimedOut:
        return u"timed_out"_s;
    case domain::EndReason::ShutDown:
        return u"shut_down"_s;
    case domain::EndReason::Cancelled:
        return u"cancelled"_s;
    case domain::EndReason::Completed:
        break;
    }
    return u"completed"_s;
}

QByteArray exportHeading(ExportFormat format)
{
    if (format == ExportFormat::JsonLines)
        return {};
    QStringList names;
    for (const Column &column : columns())
        names.append(column.name);
    // Spreadsheets take a file without the mark for one in the local encoding.
    return "\xEF\xBB\xBF" + names.join(u',').toUtf8() + "\r\n";
}

QByteArray exportLine(const TrafficRow &row, ExportFormat format)
{
    if (format == ExportFormat::JsonLines) {
        QJsonObject object;
        for (const Column &column : columns())
            object.insert(column.name, column.value(row));
        return QJsonDocument(object).toJson(QJsonDocument::Compact) + '\n';
    }
    QStringList cells;
    for (const Column &column : columns())
        cells.append(cellOf(column.value(row)));
    return cells.join(u',').toUtf8() + "\r\n";
}

Result<qint64> exportTraffic(storage::StorageThreads &threads,
                             const storage::TrafficCondition &condition,
                             const QString &file,
                             ExportFormat format,
                             QPromise<Result<qint64>> &promise)
{
    QSaveFile out(file);
    const auto notWritten = [&out, &file] {
        return base::fail(
            ErrorCode::Unavailable,
            Message::tr("The file %1 could not be written: %2").arg(file, out.errorString()));
    };
    if (!out.open(QIODevice::WriteOnly))
        return notWritten();
    out.write(exportHeading(format));
    qint64 written = 0;
    std::optional<storage::TrafficSpan> left;
    do {
        const Result<storage::TrafficRows> part = nextRows(threads, condition, left);
        if (!part)
            return base::fail(part.error());
        for (const TrafficRow &row : part->rows)
            out.write(exportLine(row, format));
        if (out.error() != QFileDevice::NoError)
            return notWritten();
        written += std::ssize(part->rows);
        left = part->left;
        promise.setProgressValue(static_cast<int>(std::min<qint64>(written, INT_MAX)));
        if (promise.isCanceled())
            return base::fail(ErrorCode::Cancelled, Message::tr("The export was cancelled."));
    } while (!left->isEmpty());
    if (!out.commit())
        return notWritten();
    return written;
}

} // namespace gatehouse::admin
