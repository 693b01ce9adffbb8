#include "admin/integrations/otlpexport.h"

#include "admin/integrations/posting.h"
#include "http/headers.h"
#include "protocol/providererror.h"
#include "upstream/gzip.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QRandomGenerator>

#include <algorithm>
#include <array>

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

using base::ErrorCode;
using base::fail;
using base::Message;
using base::Result;
using std::chrono::milliseconds;

namespace {

// As the specification of OTLP over HTTP lists them.
bool isTransient(int status)
{
    constexpr std::array transient{0, 429, 502, 503, 504};
    return std::find(transient.begin(), transient.end(), status) != transient.end();
}

bool isReservedField(QByteArrayView name)
{
    constexpr std::array<QByteArrayView, 8> reserved{"host",
                                                     "connection",
                                                     "content-encoding",
                                                     "content-length",
                                                     "content-type",
                                                     "expect",
                                                     "transfer-encoding",
                                                     "upgrade"};
    return std::any_of(reserved.begin(), reserved.end(), [name](QByteArrayView other) {
        return http::equalNames(name, other);
    });
}

// Of a success: what was not taken all the same.
void readAnswer(const QByteArray &answer, OtlpDelivery &delivery)
{
    constexpr qsizetype mostCharacters = 200;
    const QJsonObject partial =
        QJsonDocument::fromJson(answer).object().value(u"partialSuccess"_s).toObject();
    // Whole numbers of 64 bits are texts there, or numbers.
    const QJsonValue spans = partial.value(u"rejectedSpans"_s);
    const QJsonValue rejected =
        spans.isUndefined() ? partial.value(u"rejectedDataPoints"_s) : spans;
    delivery.rejected = std::max<qint64>(
        0, rejected.isString() ? rejected.toString().toLongLong() : rejected.toInteger());
    delivery.message = protocol::presentable(
        partial.value(u"errorMessage"_s).toString().toUtf8(), {}, mostCharacters);
}

Result<Posting> postingOf(const OtlpOrder &order)
{
    constexpr qsizetype mostAnswer = 64 * 1024;
    Result<QByteArray> lines = otlpHeaderLines(order.headers);
    if (!lines)
        return fail(lines.error());
    Posting posting{.url = order.url,
                    .fields = *lines,
                    .body = upstream::gzip(order.body),
                    .patience = order.patience.answer,
                    .mostAnswer = mostAnswer,
                    .proxies = order.proxies};
    if (posting.body.isEmpty())
        posting.body = order.body;
    else
        posting.fields += "Content-Encoding: gzip\r\n";
    return posting;
}

QUrl withPath(const QUrl &endpoint, const QString &further)
{
    QUrl url = endpoint;
    QString path = endpoint.path(QUrl::FullyEncoded);
    while (path.endsWith(u'/'))
        path.chop(1);
    url.setPath(path + further, QUrl::TolerantMode);
    return url;
}

} // namespace

QUrl tracesUrl(const QUrl &endpoint)
{
    return withPath(endpoint, u"/v1/traces"_s);
}

QUrl metricsUrl(const QUrl &endpoint)
{
    return withPath(endpoint, u"/v1/metrics"_s);
}

bool isTimeToTell(QElapsedTimer &sinceTold)
{
    constexpr qint64 quietMilliseconds = 60'000;
    if (sinceTold.isValid() && !sinceTold.hasExpired(quietMilliseconds))
        return false;
    sinceTold.start();
    return true;
}

Result<QByteArray> otlpHeaderLines(const base::Secret &headers)
{
    QByteArray lines;
    for (const QByteArray &part : headers.reveal().split(',')) {
        const QByteArray pair = part.trimmed();
        if (pair.isEmpty())
            continue;
        const qsizetype sign = pair.indexOf('=');
        const QByteArray name = pair.left(std::max<qsizetype>(0, sign)).trimmed();
        const QByteArray value = QByteArray::fromPercentEncoding(pair.mid(sign + 1).trimmed());
        if (!http::isFieldName(name) || !http::isFieldValue(value) || isReservedField(name)) {
            return fail(
                ErrorCode::InvalidInput,
                Message::tr("Write headers as name=value, with commas between them. What is "
                            "special within a value may be percent-encoded."));
        }
        lines += name + ": " + value + "\r\n";
    }
    return lines;
}

Result<> checkOtlpTarget(const QUrl &endpoint, const OwnAddress &isOwnAddress)
{
    if (endpoint.host().isEmpty())
        return fail(ErrorCode::InvalidInput, Message::tr("No OTLP address was set."));
    if (isOwnAddress && isOwnAddress(endpoint.host(), portOf(endpoint))) {
        return fail(ErrorCode::InvalidInput,
                    Message::tr("This OTLP address leads back to this gateway."));
    }
    return {};
}

milliseconds pauseBefore(milliseconds pause, milliseconds asked)
{
    // Programs that failed together do not come back together.
    constexpr double least = 0.8;
    constexpr double spread = 0.4;
    const double factor = least + spread * QRandomGenerator::global()->generateDouble();
    return std::max(asked,
                    milliseconds(static_cast<qint64>(static_cast<double>(pause.count()) * factor)));
}

Result<OtlpDelivery>
exportByOtlp(const OtlpOrder &order, const std::stop_token &hurry, const std::stop_token &stop)
{
    if (const Result<> sound = checkOtlpTarget(order.url, order.isOwnAddress); !sound)
        return fail(sound.error());
    const Result<Posting> posting = postingOf(order);
    if (!posting)
        return fail(posting.error());
    const std::vector<milliseconds> &pauses = order.patience.pauses;
    for (size_t i = 0;; ++i) {
        const bool isLast = i >= pauses.size() || hurry.stop_requested();
        const Posted tried = post(*posting, stop);
        if (tried.isSuccess()) {
            OtlpDelivery delivery{.status = tried.status, .tries = static_cast<int>(i) + 1};
            readAnswer(tried.answer, delivery);
            return delivery;
        }
        if (stop.stop_requested())
            return fail(ErrorCode::Cancelled, Message::tr("The program ends."));
        const milliseconds asked = tried.retryAfter.value_or(std::chrono::seconds(0));
        if (!isTransient(tried.status) || isLast || asked > order.patience.longestPause)
            return fail(tried.error);
        pauseFor(pauseBefore(pauses[i], asked), hurry);
    }
}

} // namespace gatehouse::admin
