#include "management/metricscontroller.h"

#include "http/headers.h"

namespace gatehouse::management {

using admin::MetricsWriter;
using gateway::ApiRequest;
using gateway::ApiResponse;

namespace {

// Whoever reads figures shows people the first line of what was answered instead.
ApiResponse plainRefusal(int status, const QByteArray &words)
{
    return {.status = status,
            .headers = {{"Content-Type", "text/plain; charset=utf-8"}},
            .body = words + "\n"};
}

QByteArray bearerOf(const ApiRequest &request)
{
    constexpr QByteArrayView scheme = "Bearer ";
    const QByteArray header = request.header("Authorization");
    const bool isBearer =
        header.size() > scheme.size() && http::equalNames(header.first(scheme.size()), scheme);
    return isBearer ? header.sliced(scheme.size()).trimmed() : QByteArray();
}

ApiResponse refusedAccess(const QByteArray &token, bool hasToken)
{
    constexpr int unauthorized = 401;
    const QByteArray words =
        !hasToken ? QByteArray("No token for the metrics was made yet. Make one in the settings, "
                               "under Integrations, or start with GATEHOUSE_METRICS_TOKEN.")
        : token.isEmpty() ? QByteArray("Send the token of the metrics: Authorization: Bearer …")
                          : QByteArray("This is not the token of the metrics. A key of the relay "
                                       "or an access token does not open them.");
    ApiResponse response = plainRefusal(unauthorized, words);
    response.headers.emplace_back("WWW-Authenticate", "Bearer realm=\"metrics\"");
    return response;
}

MetricsWriter::Form formFor(const ApiRequest &request)
{
    return request.header("Accept").contains("application/openmetrics-text")
               ? MetricsWriter::Form::OpenMetrics
               : MetricsWriter::Form::Prometheus;
}

} // namespace

void MetricsController::addTo(Router &router)
{
    // Open to all here: the token, which is of no user, is looked at below.
    router.add({.method = "GET",
                .pattern = metricsPath.toByteArray(),
                .policy = Policy::open(),
                .handler = [this](const Call &call) { return metrics(call); }});
}

Response MetricsController::metrics(const Call &call)
{
    constexpr int notFound = 404;
    admin::MetricsService &service = m_admin.metrics;
    if (!service.isOn())
        return responded(plainRefusal(notFound, "The metrics are off (integrations.metrics)."));
    const QByteArray token = bearerOf(call.request);
    if (!call.request.local && !service.isToken(token))
        return responded(refusedAccess(token, service.hasToken()));
    const MetricsWriter::Form form = formFor(call.request);
    return respond(service.text(form), [form](const QByteArray &text) {
        return ApiResponse{
            .headers = {{"Content-Type", MetricsWriter::contentType(form).toByteArray()},
                        {"Cache-Control", "no-store"}},
            .body = text};
    });
}

} // namespace gatehouse::management
