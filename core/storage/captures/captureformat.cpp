#include "storage/captures/captureformat.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <zstd.h>

namespace gatehouse::storage {

using namespace Qt::StringLiterals;

using base::Message;
using base::Result;
using domain::Capture;
using domain::CapturedAttempt;
using domain::CapturedMessage;
using domain::CapturePart;

namespace {

// Nothing of a capture unpacks to more.
constexpr qint64 mostUnpacked = 256LL * 1024 * 1024;

QByteArray compressed(QByteArrayView bytes)
{
    constexpr int level = 3;
    QByteArray result(static_cast<qsizetype>(ZSTD_compressBound(static_cast<size_t>(bytes.size()))),
                      Qt::Uninitialized);
    const size_t size = ZSTD_compress(result.data(),
                                      static_cast<size_t>(result.size()),
                                      bytes.data(),
                                      static_cast<size_t>(bytes.size()),
                                      level);
    result.resize(ZSTD_isError(size) ? 0 : static_cast<qsizetype>(size));
    return result;
}

tl::unexpected<base::Error> damaged()
{
    return base::fail(base::ErrorCode::Internal,
                      Message::tr("What was kept of this request is damaged."));
}

// Bytes as a text in which each character is a byte, so that any field survives.
QString latin(const QByteArray &bytes)
{
    return QString::fromLatin1(bytes);
}

QJsonObject jsonOf(const CapturedMessage &message, int source)
{
    QJsonArray fields;
    for (const auto &[name, value] : message.fields)
        fields.append(QJsonArray{latin(name), latin(value)});
    QJsonArray marks;
    for (const domain::ByteMark &mark : message.marks) {
        marks.append(mark.offset);
        marks.append(mark.microseconds);
    }
    return {{u"line"_s, latin(message.line)},
            {u"fields"_s, fields},
            {u"kept"_s, qint64(message.body.size())},
            {u"size"_s, message.size},
            {u"marks"_s, marks},
            {u"source"_s, source}};
}

CapturedMessage messageFrom(const QJsonObject &json)
{
    CapturedMessage message{.line = json.value("line"_L1).toString().toLatin1(),
                            .kept = json.value("kept"_L1).toInteger(),
                            .size = json.value("size"_L1).toInteger()};
    for (const QJsonValue &field : json.value("fields"_L1).toArray()) {
        message.fields.emplace_back(field.toArray().at(0).toString().toLatin1(),
                                    field.toArray().at(1).toString().toLatin1());
    }
    const QJsonArray marks = json.value("marks"_L1).toArray();
    for (qsizetype i = 0; i + 1 < marks.size(); i += 2) {
        message.marks.push_back(
            {.offset = marks.at(i).toInteger(), .microseconds = marks.at(i + 1).toInteger()});
    }
    return message;
}

std::vector<const CapturedMessage *> messagesOf(const Capture &capture)
{
    std::vector<const CapturedMessage *> messages{&capture.request, &capture.answer};
    for (const CapturedAttempt &attempt : capture.attempts) {
        messages.push_back(&attempt.request);
        messages.push_back(&attempt.answer);
    }
    return messages;
}

} // namespace

qint64 PackedCapture::bytes() const
{
    qint64 sum = head.size();
    for (const PackedPiece &piece : pieces)
        sum += piece.data.size();
    return sum;
}

int messageNumber(CapturePart part)
{
    switch (part.side) {
    case CapturePart::Side::ClientRequest:
        return 0;
    case CapturePart::Side::ClientAnswer:
        return 1;
    case CapturePart::Side::ProviderRequest:
        return 2 + 2 * part.attempt;
    case CapturePart::Side::ProviderAnswer:
        break;
    }
    return 3 + 2 * part.attempt;
}

PackedCapture packed(const Capture &capture)
{
    PackedCapture result;
    QJsonArray messages;
    const std::vector<const CapturedMessage *> all = messagesOf(capture);
    for (size_t number = 0; number < all.size(); ++number) {
        const QByteArray &body = all[number]->body;
        size_t source = 0;
        while (source < number && all[source]->body != body)
            ++source;
        messages.append(jsonOf(*all[number], static_cast<int>(source)));
        for (qsizetype at = 0; source == number && at < body.size(); at += pieceBytes) {
            const qsizetype length = std::min<qsizetype>(pieceBytes, body.size() - at);
            result.pieces.push_back({.message = static_cast<int>(number),
                                     .place = static_cast<int>(at / pieceBytes),
                                     .data = compressed(QByteArrayView(body).sliced(at, length))});
        }
    }
    QJsonArray attempts;
    for (const CapturedAttempt &attempt : capture.attempts) {
        attempts.append(
            QJsonArray{attempt.channel.value, QString::fromUtf8(attempt.channelName), attempt.key});
    }
    const QJsonObject head{{u"id"_s, latin(capture.requestId)},
                           {u"token"_s, capture.token.value},
                           {u"created_at"_s, capture.createdAt},
                           {u"messages"_s, messages},
                           {u"attempts"_s, attempts}};
    result.head = compressed(QJsonDocument(head).toJson(QJsonDocument::Compact));
    return result;
}

Result<UnpackedHead> unpackedHead(const QByteArray &head)
{
    const Result<QByteArray> text = unpackedPiece(head);
    if (!text)
        return base::fail(text.error());
    const QJsonObject json = QJsonDocument::fromJson(*text).object();
    const QJsonArray messages = json.value("messages"_L1).toArray();
    const QJsonArray attempts = json.value("attempts"_L1).toArray();
    if (messages.size() != 2 + 2 * attempts.size())
        return damaged();
    UnpackedHead result;
    for (const QJsonValue &message : messages)
        result.sources.push_back(message.toObject().value("source"_L1).toInt());
    result.capture = {.requestId = json.value("id"_L1).toString().toLatin1(),
                      .token = {json.value("token"_L1).toInteger()},
                      .createdAt = json.value("created_at"_L1).toInteger(),
                      .request = messageFrom(messages.at(0).toObject()),
                      .answer = messageFrom(messages.at(1).toObject())};
    for (qsizetype i = 0; i < attempts.size(); ++i) {
        const QJsonArray attempt = attempts.at(i).toArray();
        result.capture.attempts.push_back(
            {.channel = {attempt.at(0).toInteger()},
             .channelName = attempt.at(1).toString().toUtf8(),
             .key = attempt.at(2).toInteger(),
             .request = messageFrom(messages.at(2 + 2 * i).toObject()),
             .answer = messageFrom(messages.at(3 + 2 * i).toObject())});
    }
    return result;
}

Result<QByteArray> unpackedPiece(const QByteArray &data)
{
    const auto size = ZSTD_getFrameContentSize(data.constData(), static_cast<size_t>(data.size()));
    if (size == ZSTD_CONTENTSIZE_ERROR || size == ZSTD_CONTENTSIZE_UNKNOWN
        || size > static_cast<unsigned long long>(mostUnpacked))
        return damaged();
    QByteArray result(static_cast<qsizetype>(size), Qt::Uninitialized);
    const size_t unpacked = ZSTD_decompress(result.data(),
                                            static_cast<size_t>(result.size()),
                                            data.constData(),
                                            static_cast<size_t>(data.size()));
    if (ZSTD_isError(unpacked) || unpacked != size)
        return damaged();
    return result;
}

} // namespace gatehouse::storage
