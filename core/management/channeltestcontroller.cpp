#include "management/channeltestcontroller.h"

using namespace Qt::StringLiterals;

namespace gatehouse::management {

using admin::ChannelTestOutcome;
using admin::ChannelTestRun;
using admin::TestScope;
using base::Result;

namespace {

QString stateName(ChannelTestOutcome::State state)
{
    switch (state) {
    case ChannelTestOutcome::State::Answered:
        return u"answered"_s;
    case ChannelTestOutcome::State::Refused:
        return u"refused"_s;
    case ChannelTestOutcome::State::Failed:
        return u"failed"_s;
    case ChannelTestOutcome::State::NotTested:
        break;
    }
    return u"not_tested"_s;
}

QString scopeName(TestScope scope)
{
    switch (scope) {
    case TestScope::Enabled:
        return u"enabled"_s;
    case TestScope::Disabled:
        return u"disabled"_s;
    case TestScope::All:
        break;
    }
    return u"all"_s;
}

std::optional<TestScope> scopeFrom(const QString &name)
{
    if (name.isEmpty() || name == u"all"_s)
        return TestScope::All;
    if (name == u"enabled"_s)
        return TestScope::Enabled;
    if (name == u"disabled"_s)
        return TestScope::Disabled;
    return std::nullopt;
}

QJsonObject outcomeJson(const ChannelTestOutcome &outcome)
{
    return {{u"channel_id"_s, outcome.channel.value},
            {u"channel_name"_s, outcome.channelName},
            {u"model"_s, outcome.model},
            {u"state"_s, stateName(outcome.state)},
            {u"text"_s, outcome.text.english()},
            {u"http_status"_s, outcome.httpStatus},
            {u"error_type"_s, QString::fromUtf8(outcome.errorType)},
            {u"error_code"_s, QString::fromUtf8(outcome.errorCode)},
            {u"stage"_s, outcome.stage},
            {u"elapsed_ms"_s, static_cast<qint64>(outcome.elapsed.count())},
            {u"slow"_s, outcome.slow}};
}

QJsonObject runJson(const ChannelTestRun &run)
{
    QJsonArray outcomes;
    for (const ChannelTestOutcome &outcome : run.outcomes)
        outcomes.append(outcomeJson(outcome));
    return {{u"id"_s, run.id},
            {u"scope"_s, scopeName(run.scope)},
            {u"running"_s, run.isRunning()},
            {u"cancelled"_s, run.cancelled},
            {u"started_at"_s, run.startedAt},
            {u"finished_at"_s, run.finishedAt},
            {u"done"_s, run.done()},
            {u"total"_s, run.total},
            {u"outcomes"_s, outcomes}};
}

Response notOffered()
{
    return responded(refusal(u"Channel tests are not offered by this program."_s));
}

} // namespace

void ChannelTestController::addTo(Router &router)
{
    const auto add =
        [&router](QByteArray method, QByteArray path, bool hasEffect, Handler handler) {
            router.add({.method = std::move(method),
                        .pattern = std::move(path),
                        .policy = Policy::administrator(),
                        .handler = std::move(handler),
                        .hasEffect = hasEffect});
        };
    add("GET", "/api/channel/test", true, [this](const Call &call) { return startRun(call); });
    add("GET", "/api/channel/test/:id", true, [this](const Call &call) { return testOne(call); });
    add("GET", "/api/channel/test_run", false, [this](const Call &) { return latestRun(); });
    add("DELETE", "/api/channel/test_run/:id", true, [this](const Call &call) {
        return cancelRun(call);
    });
    add("GET", "/api/channel/update_balance", true, [](const Call &) {
        return responded(refusal(u"Balances are queried of one channel at a time: add its id."_s));
    });
    add("GET", "/api/channel/update_balance/:id", true, [this](const Call &call) {
        return queryBalance(call);
    });
}

Response ChannelTestController::queryBalance(const Call &call)
{
    if (!m_tests)
        return notOffered();
    const Result<qint64> id = call.id();
    if (!id)
        return responded(id.error());
    return respond(
        m_tests->queryBalance(domain::ChannelId{*id}), [](const domain::AccountBalance &balance) {
            return document({{u"success"_s, true},
                             {u"message"_s, u""_s},
                             {u"balance"_s, balance.amount},
                             {u"balance_currency"_s, QString::fromLatin1(balance.currency)}});
        });
}

Response ChannelTestController::testOne(const Call &call)
{
    if (!m_tests)
        return notOffered();
    const Result<qint64> id = call.id();
    if (!id)
        return responded(id.error());
    const QString model = call.text(u"model"_s);
    return respond(m_tests->test(domain::ChannelId{*id}, model),
                   [](const ChannelTestOutcome &outcome) {
                       const double seconds = static_cast<double>(outcome.elapsed.count()) / 1000;
                       return document({{u"success"_s, outcome.succeeded()},
                                        {u"message"_s, outcome.text.english()},
                                        {u"time"_s, seconds},
                                        {u"modelName"_s, outcome.model},
                                        {u"data"_s, outcomeJson(outcome)}});
                   });
}

Response ChannelTestController::startRun(const Call &call)
{
    if (!m_tests)
        return notOffered();
    const std::optional<TestScope> scope = scopeFrom(call.text(u"scope"_s));
    if (!scope)
        return responded(refusal(u"The scope must be all, enabled or disabled."_s));
    return respond(m_tests->startRun(*scope), [](const admin::ChannelTestStart &start) {
        if (start.started)
            return succeeded(runJson(start.run));
        const QString message =
            u"The test run %1 is under way: %2 of %3 channels are done."_s.arg(start.run.id)
                .arg(start.run.done())
                .arg(start.run.total);
        return document(
            {{u"success"_s, false}, {u"message"_s, message}, {u"data"_s, runJson(start.run)}});
    });
}

Response ChannelTestController::latestRun() const
{
    const auto run = m_tests ? m_tests->latestRun() : std::nullopt;
    return responded(succeeded(run ? QJsonValue(runJson(*run)) : QJsonValue(QJsonValue::Null)));
}

Response ChannelTestController::cancelRun(const Call &call)
{
    const Result<qint64> id = call.id();
    if (!id)
        return responded(id.error());
    if (!m_tests || !m_tests->cancelRun(*id))
        return responded(refusal(u"There is no such test run under way."_s));
    return responded(succeeded());
}

} // namespace gatehouse::management
