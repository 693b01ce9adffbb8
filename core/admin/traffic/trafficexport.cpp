#include "admin/traffic/trafficexport.h"

#include "admin/traffic/harexport.h"
#include "base/maskrules.h"
#include "base/redaction.h"
#include "base/systemreason.h"

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
constexpr int rowsWithBodiesAtOnce = 100;

struct Column
{
    QString name{};
    QJsonValue (*value)(const TrafficRow &) = nullptr;
};

QJsonValue text(const QByteArray &bytes)
{
    return QString::fromUtf8(bytes);
}

// What people or their programs named.
QJsonValue masked(const QString &text)
{
    const std::shared_ptr<const base::MaskRules> rules = base::maskRules();
    return rules ? rules->masked(text) : text;
}

QJsonValue masked(const QByteArray &bytes)
{
    return masked(QString::fromUtf8(bytes));
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
        {u"client"_s, FIELD(masked(record.client))},
        {u"session"_s, FIELD(masked(record.session))},
        {u"address"_s, FIELD(masked(record.clientAddress))},
        {u"user"_s, FIELD(masked(record.username))},
        {u"token"_s, FIELD(masked(record.tokenName))},
        {u"group"_s, FIELD(masked(record.group))},
        {u"operation"_s, FIELD(text(record.operation))},
        {u"model"_s, FIELD(masked(record.model))},
        {u"served_model"_s, FIELD(masked(record.providerModel))},
        {u"channel_id"_s, FIELD(record.channelId.value)},
        {u"channel"_s, FIELD(masked(row.channelName))},
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
        {u"cache"_s, FIELD(QString::fromLatin1(domain::nameOf(record.cache)))},
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

QByteArray compact(const QJsonObject &object)
{
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

QJsonObject fieldsOf(const TrafficRow &row)
{
    QJsonObject object;
    for (const Column &column : columns())
        object.insert(column.name, column.value(row));
    return object;
}

// The file that an export makes, from its first byte to its last.
class ExportFile
{
public:
    ExportFile(const ExportTarget &target, const TrafficService::FindCapture &findCapture)
        : m_target(target)
        , m_findCapture(findCapture)
        , m_file(target.file)
    {}

    Result<> open();
    Result<> add(const TrafficRow &row);
    Result<> commit();
    qint64 count() const { return m_count; }

private:
    QByteArray archived(const TrafficRow &row) const;
    Result<> write(const QByteArray &bytes);
    tl::unexpected<base::Error> notWritten() const;

    const ExportTarget m_target;
    const TrafficService::FindCapture m_findCapture;
    QSaveFile m_file;
    qint64 m_count = 0;
};

tl::unexpected<base::Error> ExportFile::notWritten() const
{
    return base::fail(ErrorCode::Unavailable,
                      Message::tr("The file %1 could not be written: %2")
                          .arg(m_target.file, base::systemReason(m_file.errorString())));
}

Result<> ExportFile::write(const QByteArray &bytes)
{
    if (m_file.write(bytes) != bytes.size())
        return notWritten();
    return {};
}

Result<> ExportFile::open()
{
    if (!m_file.open(QIODevice::WriteOnly))
        return notWritten();
    return write(exportHeading(m_target.format));
}

QByteArray ExportFile::archived(const TrafficRow &row) const
{
    Result<domain::Capture> capture =
        m_findCapture ? m_findCapture(row.stored.record.requestId)
                      : Result<domain::Capture>(base::fail(ErrorCode::NotFound, {}));
    // It may have been kept before there were these rules.
    if (const std::shared_ptr<const base::MaskRules> rules = base::maskRules(); capture && rules)
        domain::maskByRules(*capture, *rules);
    return compact(harEntry(row, fieldsOf(row), capture ? &*capture : nullptr, m_target.baseUrl));
}

Result<> ExportFile::add(const TrafficRow &row)
{
    const bool isFirst = m_count++ == 0;
    if (m_target.format != ExportFormat::HttpArchive)
        return write(exportLine(row, m_target.format));
    QByteArray entry = archived(row);
    if (!isFirst)
        entry.prepend(",\n");
    return write(entry);
}

Result<> ExportFile::commit()
{
    if (m_target.format == ExportFormat::HttpArchive) {
        if (Result<> written = write(harEnding()); !written)
            return written;
    }
    if (!m_file.commit())
        return notWritten();
    return {};
}

Result<storage::TrafficRows> nextRows(storage::StorageThreads &threads,
                                      const storage::TrafficCondition &condition,
                                      std::optional<storage::TrafficSpan> left,
                                      int most)
{
    const auto read = threads.readAtLength(
        [condition, left, most](storage::Database &database) -> Result<storage::TrafficRows> {
            constexpr std::chrono::milliseconds budget{1'000};
            const storage::TrafficLines lines(database, condition);
            const Result<storage::TrafficSpan> span =
                left ? Result<storage::TrafficSpan>(*left) : lines.span();
            if (!span)
                return base::fail(span.error());
            return lines.newest(*span, most, budget);
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
    if (format == ExportFormat::HttpArchive)
        return harHeading();
    QStringList names;
    for (const Column &column : columns())
        names.append(column.name);
    // Spreadsheets take a file without the mark for one in the local encoding.
    return "\xEF\xBB\xBF" + names.join(u',').toUtf8() + "\r\n";
}

QByteArray exportLine(const TrafficRow &row, ExportFormat format)
{
    if (format == ExportFormat::JsonLines)
        return compact(fieldsOf(row)) + '\n';
    QStringList cells;
    for (const Column &column : columns())
        cells.append(cellOf(column.value(row)));
    return cells.join(u',').toUtf8() + "\r\n";
}

Result<qint64> exportTraffic(storage::StorageThreads &threads,
                             const storage::TrafficCondition &condition,
                             const ExportTarget &target,
                             const TrafficService::FindCapture &findCapture,
                             QPromise<Result<qint64>> &promise)
{
    ExportFile file(target, findCapture);
    if (const Result<> opened = file.open(); !opened)
        return base::fail(opened.error());
    const bool withBodies = target.format == ExportFormat::HttpArchive;
    std::optional<storage::TrafficSpan> left;
    do {
        const Result<storage::TrafficRows> part =
            nextRows(threads, condition, left, withBodies ? rowsWithBodiesAtOnce : rowsAtOnce);
        if (!part)
            return base::fail(part.error());
        for (const TrafficRow &row : part->rows) {
            if (promise.isCanceled())
                return base::fail(ErrorCode::Cancelled, Message::tr("The export was cancelled."));
            if (const Result<> added = file.add(row); !added)
                return base::fail(added.error());
        }
        left = part->left;
        promise.setProgressValue(static_cast<int>(std::min<qint64>(file.count(), INT_MAX)));
        if (promise.isCanceled())
            return base::fail(ErrorCode::Cancelled, Message::tr("The export was cancelled."));
    } while (!left->isEmpty());
    return file.commit().map([&file] { return file.count(); });
}

Result<qint64> exportRequest(const TrafficRow &row,
                             const ExportTarget &target,
                             const TrafficService::FindCapture &findCapture)
{
    ExportFile file(target, findCapture);
    return file.open()
        .and_then([&] { return file.add(row); })
        .and_then([&file] { return file.commit(); })
        .map([&file] { return file.count(); });
}

} // namespace gatehouse::admin
