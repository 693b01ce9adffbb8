#include "storage/traffic/usagestatement.h"

namespace gatehouse::storage {

using namespace Qt::StringLiterals;

using domain::UsageRecord;

namespace {

QString text(const QByteArray &bytes)
{
    return QString::fromUtf8(bytes);
}

} // namespace

bool hasOwnRequest(const UsageRecord &record)
{
    using domain::RecordKind;
    return !record.requestId.isEmpty()
           && (record.kind == RecordKind::Consumption || record.kind == RecordKind::Failure
               || record.kind == RecordKind::Test);
}

QString usageColumns()
{
    return u"request_id, kind, created_at, user_id, username, token_id, token_name, channel_id,"
           " channel_key_id, model, provider_model, group_name, operation, input, cache_read,"
           " cache_write, cache_write_long, input_audio, output, reasoning, output_audio, images,"
           " characters, usage_source, anomalous, cost, charge, unpriced, token_is_unlimited,"
           " stream, attempts, http_status, end_reason, elapsed, first_byte, client_address,"
           " error_code, content, client, session, attempt_log, finish_reason,"
           " cache_result"_s;
}

QString usageInsertion()
{
    return u"INSERT INTO usage_records (%1) VALUES ("
           ":request_id, :kind, :created_at, :user_id, :username, :token_id, :token_name,"
           " :channel_id, :channel_key_id, :model, :provider_model, :group_name, :operation,"
           " :input, :cache_read, :cache_write, :cache_write_long, :input_audio, :output,"
           " :reasoning, :output_audio, :images, :characters, :usage_source, :anomalous, :cost,"
           " :charge, :unpriced, :token_is_unlimited, :stream, :attempts, :http_status,"
           " :end_reason, :elapsed, :first_byte, :client_address, :error_code, :content,"
           " :client, :session, :attempt_log, :finish_reason, :cache_result"
           ") ON CONFLICT DO NOTHING RETURNING id"_s.arg(usageColumns());
}

Bindings usageBindings(const UsageRecord &record)
{
    return {
        {u":request_id"_s,
         hasOwnRequest(record) ? QVariant(text(record.requestId))
                               : QVariant(QMetaType(QMetaType::QString))},
        {u":kind"_s, static_cast<int>(record.kind)},
        {u":created_at"_s, record.createdAt},
        {u":user_id"_s, record.userId.value},
        {u":username"_s, text(record.username)},
        {u":token_id"_s, record.tokenId.value},
        {u":token_name"_s, text(record.tokenName)},
        {u":channel_id"_s, record.channelId.value},
        {u":channel_key_id"_s, record.channelKeyId},
        {u":model"_s, text(record.model)},
        {u":provider_model"_s, text(record.providerModel)},
        {u":group_name"_s, text(record.group)},
        {u":operation"_s, text(record.operation)},
        {u":input"_s, record.usage.input},
        {u":cache_read"_s, record.usage.cacheRead},
        {u":cache_write"_s, record.usage.cacheWrite},
        {u":cache_write_long"_s, record.usage.cacheWriteLong},
        {u":input_audio"_s, record.usage.inputAudio},
        {u":output"_s, record.usage.output},
        {u":reasoning"_s, record.usage.reasoning},
        {u":output_audio"_s, record.usage.outputAudio},
        {u":images"_s, record.usage.images},
        {u":characters"_s, record.usage.characters},
        {u":usage_source"_s, static_cast<int>(record.usage.source)},
        {u":anomalous"_s, record.usage.anomalous},
        {u":cost"_s, record.cost.nanoDollars},
        {u":charge"_s, record.charge.units},
        {u":unpriced"_s, record.unpriced},
        {u":token_is_unlimited"_s, record.tokenIsUnlimited},
        {u":stream"_s, record.stream},
        {u":attempts"_s, record.attempts},
        {u":http_status"_s, record.httpStatus},
        {u":end_reason"_s, static_cast<int>(record.end)},
        {u":elapsed"_s, record.elapsedMilliseconds},
        {u":first_byte"_s, record.firstByteMilliseconds},
        {u":client_address"_s, text(record.clientAddress)},
        {u":error_code"_s, text(record.errorCode)},
        {u":content"_s, text(record.content)},
        {u":client"_s, text(record.client)},
        {u":session"_s, text(record.session)},
        {u":attempt_log"_s, text(record.attemptLog)},
        {u":finish_reason"_s, text(record.finishReason)},
        {u":cache_result"_s, static_cast<int>(record.cache)},
    };
}

UsageRecord usageFrom(const QSqlQuery &row)
{
    UsageRecord record;
    record.requestId = row.value(1).toString().toUtf8();
    record.kind = static_cast<domain::RecordKind>(row.value(2).toInt());
    record.createdAt = row.value(3).toLongLong();
    record.userId = {row.value(4).toLongLong()};
    record.username = row.value(5).toString().toUtf8();
    record.tokenId = {row.value(6).toLongLong()};
    record.tokenName = row.value(7).toString().toUtf8();
    record.channelId = {row.value(8).toLongLong()};
    record.channelKeyId = row.value(9).toLongLong();
    record.model = row.value(10).toString().toUtf8();
    record.providerModel = row.value(11).toString().toUtf8();
    record.group = row.value(12).toString().toUtf8();
    record.operation = row.value(13).toString().toUtf8();
    record.usage.input = row.value(14).toLongLong();
    record.usage.cacheRead = row.value(15).toLongLong();
    record.usage.cacheWrite = row.value(16).toLongLong();
    record.usage.cacheWriteLong = row.value(17).toLongLong();
    record.usage.inputAudio = row.value(18).toLongLong();
    record.usage.output = row.value(19).toLongLong();
    record.usage.reasoning = row.value(20).toLongLong();
    record.usage.outputAudio = row.value(21).toLongLong();
    record.usage.images = row.value(22).toLongLong();
    record.usage.characters = row.value(23).toLongLong();
    record.usage.source = static_cast<domain::UsageSource>(row.value(24).toInt());
    record.usage.anomalous = row.value(25).toBool();
    record.cost.nanoDollars = row.value(26).toLongLong();
    record.charge.units = row.value(27).toLongLong();
    record.unpriced = row.value(28).toBool();
    record.tokenIsUnlimited = row.value(29).toBool();
    record.stream = row.value(30).toBool();
    record.attempts = row.value(31).toInt();
    record.httpStatus = row.value(32).toInt();
    record.end = static_cast<domain::EndReason>(row.value(33).toInt());
    record.elapsedMilliseconds = row.value(34).toLongLong();
    record.firstByteMilliseconds = row.value(35).toLongLong();
    record.clientAddress = row.value(36).toString().toUtf8();
    record.errorCode = row.value(37).toString().toUtf8();
    record.content = row.value(38).toString().toUtf8();
    record.client = row.value(39).toString().toUtf8();
    record.session = row.value(40).toString().toUtf8();
    record.attemptLog = row.value(41).toString().toUtf8();
    record.finishReason = row.value(42).toString().toUtf8();
    record.cache = domain::cacheResultFrom(row.value(43).toInt());
    return record;
}

} // namespace gatehouse::storage
