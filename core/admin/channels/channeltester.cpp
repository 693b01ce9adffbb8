#include "admin/channels/channeltester.h"

#include "admin/channels/balanceprobe.h"
#include "admin/channels/draftprobe.h"
#include "base/logging.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

using base::Error;
using base::lcAdmin;
using domain::ChannelStatus;

namespace {

// Priorities of the pool: what a person waits for goes before the rest of a run.
constexpr int partOfRun = 0;
constexpr int askedFor = 1;

// Keeps a worker's exception from ending the program, and its text from being shown.
ProbeReport
runGuarded(const ChannelTester::Probe &probe, const ProbeOrder &order, const std::stop_token &stop)
{
    QString detail;
    try {
        return probe(order, stop);
    } catch (const std::exception &exception) {
        detail = QString::fromLocal8Bit(exception.what());
    } catch (...) {
        detail = u"an exception of an unknown type"_s;
    }
    qCCritical(lcAdmin).noquote() << "The test of channel" << order.channel.value
                                  << "ended unexpectedly:" << detail;
    ProbeReport report;
    report.outcome.channel = order.channel;
    report.outcome.model = order.model;
    report.outcome.state = ChannelTestOutcome::State::Failed;
    report.outcome.stage = u"internal"_s;
    report.outcome.text =
        base::Message::tr("The channel test ended unexpectedly. The log says more.");
    return report;
}

DraftKeyReport probeGuarded(const DraftTestOrder &order,
                            int position,
                            const domain::Settings &settings,
                            const std::stop_token &stop)
{
    QString detail;
    try {
        return probeDraftKey(order, position, settings, stop);
    } catch (const std::exception &exception) {
        detail = QString::fromLocal8Bit(exception.what());
    } catch (...) {
        detail = u"an exception of an unknown type"_s;
    }
    qCCritical(lcAdmin).noquote() << "The test of a draft ended unexpectedly:" << detail;
    return {.position = position,
            .text = base::Message::tr("The channel test ended unexpectedly. The log says more.")};
}

Error brokenOff()
{
    return {.code = base::ErrorCode::Cancelled,
            .message = base::Message::tr("The operation was cancelled.")};
}

} // namespace

ChannelTester::ChannelTester(Administration &administration,
                             Probe probe,
                             QObject *parent,
                             std::chrono::milliseconds minute)
    : QObject(parent)
    , m_administration(administration)
    , m_probe(std::move(probe))
    , m_minute(minute)
{
    connect(&m_administration.publisher,
            &CatalogPublisher::catalogChanged,
            this,
            &ChannelTester::schedule);
    connect(&m_schedule, &QTimer::timeout, this, [this] { startRun(TestScope::All); });
    schedule();
}

ChannelTester::~ChannelTester()
{
    m_stopRun.request_stop();
    m_stopDrafts.request_stop();
    for (auto &[question, stop] : m_stopQuestions)
        stop.request_stop();
    m_pool.clear();
    m_pool.waitForDone(); // from here on no worker can refer to this object
}

void ChannelTester::schedule()
{
    const domain::Settings settings = m_administration.settings.current();
    m_pool.setMaxThreadCount(static_cast<int>(settings.tests.parallel));
    const std::chrono::milliseconds interval = settings.tests.interval.count() * m_minute;
    if (interval.count() == 0)
        m_schedule.stop();
    else if (!m_schedule.isActive() || m_schedule.intervalAsDuration() != interval)
        m_schedule.start(interval);
}

// Of what is asked from now on.
std::stop_token ChannelTester::tokenOf(domain::ChannelId channel, ChannelQuestion question)
{
    return m_stopQuestions[{channel.value, question}].get_token();
}

void ChannelTester::cancelQuestion(domain::ChannelId channel, ChannelQuestion question)
{
    const auto asked = m_stopQuestions.find({channel.value, question});
    if (asked == m_stopQuestions.end())
        return;
    asked->second.request_stop();
    m_stopQuestions.erase(asked);
}

// `began` is called in this object's thread when a worker has taken the order.
void ChannelTester::enqueue(ProbeOrder order,
                            std::stop_token stop,
                            int priority,
                            Deliver deliver,
                            std::function<void()> began)
{
    auto work = [this,
                 order = std::move(order),
                 stop = std::move(stop),
                 deliver = std::move(deliver),
                 began = std::move(began)] {
        const bool begins = !stop.stop_requested();
        if (begins) {
            QMetaObject::invokeMethod(
                this,
                [this, channel = order.channel, began] {
                    m_administration.statistics.setTesting(channel, true);
                    if (began)
                        began();
                },
                Qt::QueuedConnection);
        }
        ProbeReport report = runGuarded(m_probe, order, stop);
        report.outcome.verdict = verdictOf(report);
        QMetaObject::invokeMethod(
            this,
            [this, channel = order.channel, begins, deliver, report = std::move(report)] {
                if (begins)
                    m_administration.statistics.setTesting(channel, false);
                deliver(report);
            },
            Qt::QueuedConnection);
    };
    m_pool.start(std::move(work), priority);
}

Answer<ChannelTestOutcome> ChannelTester::test(domain::ChannelId channel, const QString &model)
{
    const std::shared_ptr<const domain::Catalog> catalog = m_administration.publisher.catalog();
    if (!catalog || !catalog->channel(channel)) {
        return refused<ChannelTestOutcome>(base::ErrorCode::NotFound,
                                           base::Message::tr("There is no such channel."));
    }
    auto promise = std::make_shared<QPromise<base::Result<ChannelTestOutcome>>>();
    promise->start();
    const ProbeOrder order{.catalog = catalog, .channel = channel, .model = model};
    const std::stop_token stop = tokenOf(channel, ChannelQuestion::Test);
    enqueue(order, stop, askedFor, [this, promise, order](const ProbeReport &report) {
        tellHealth(order, report);
        record(report);
        // A person who asks sees a refusal and decides; that it works again is what the setting waits for.
        if (report.outcome.succeeded())
            actOn(report, order.key);
        promise->addResult(base::Result<ChannelTestOutcome>(report.outcome));
        promise->finish();
    });
    return promise->future();
}

Answer<domain::AccountBalance> ChannelTester::queryBalance(domain::ChannelId channel)
{
    const ProbeOrder order{.catalog = m_administration.publisher.catalog(), .channel = channel};
    if (!order.catalog)
        return refused<domain::AccountBalance>(base::ErrorCode::NotFound,
                                               base::Message::tr("There is no such channel."));
    const auto asked = runIn(
        m_pool,
        [order, stop = tokenOf(channel, ChannelQuestion::Balance)]()
            -> base::Result<domain::AccountBalance> {
            base::Result<domain::AccountBalance> balance = probeBalance(order, stop);
            if (!balance && stop.stop_requested())
                return base::fail(brokenOff());
            return balance;
        },
        askedFor);
    return onSuccess(asked, this, [this, channel](const domain::AccountBalance &balance) {
        const Answer<> stored = m_administration.channels.recordBalance(channel, balance);
        return onSuccess(
            stored, this, [balance] { return base::Result<domain::AccountBalance>(balance); });
    });
}

Answer<QStringList> ChannelTester::queryModels(domain::ChannelId channel)
{
    const ProbeOrder order{.catalog = m_administration.publisher.catalog(), .channel = channel};
    if (!order.catalog || !order.catalog->channel(channel))
        return refused<QStringList>(base::ErrorCode::NotFound,
                                    base::Message::tr("There is no such channel."));
    return runIn(
        m_pool,
        [order, stop = tokenOf(channel, ChannelQuestion::Models)]() -> base::Result<QStringList> {
            const ListingReport listing = listModels(order, stop);
            if (!listing.answered && stop.stop_requested())
                return base::fail(brokenOff());
            if (!listing.answered)
                return base::fail(base::ErrorCode::Unavailable, listing.text);
            return listing.models;
        },
        askedFor);
}

TestForecast ChannelTester::forecast(const TestPlan &plan) const
{
    const auto catalog = m_administration.publisher.catalog();
    const qint64 now = m_administration.foundation.clock.wallMilliseconds();
    return catalog ? forecastOf(*catalog, plan, now) : TestForecast();
}

Answer<ChannelTestStart> ChannelTester::startRun(TestScope scope)
{
    return startRun(TestPlan{.scope = scope});
}

Answer<ChannelTestStart> ChannelTester::startRun(const TestPlan &plan)
{
    if (m_run && m_run->isRunning())
        return answered<ChannelTestStart>(ChannelTestStart{.started = false, .run = *m_run});
    m_runCatalog = m_administration.publisher.catalog();
    const qint64 now = m_administration.foundation.now();
    ChannelTestRun run{.id = ++m_lastRun,
                       .scope = plan.scope,
                       .subject = plan.subject,
                       .startedAt = now,
                       .steps = stepsOf(*m_runCatalog, plan)};
    run.total = static_cast<int>(run.steps.size());
    if (run.steps.empty())
        run.finishedAt = now;
    m_run = std::move(run);
    m_stopRun = std::stop_source();
    for (const TestStep &step : m_run->steps)
        enqueueStep(step.number);
    return answered<ChannelTestStart>(ChannelTestStart{.started = true, .run = *m_run});
}

void ChannelTester::enqueueStep(int number)
{
    const TestStep &step = m_run->steps[static_cast<size_t>(number)];
    const ProbeOrder order{.catalog = m_runCatalog,
                           .channel = step.channel,
                           .model = step.model,
                           .key = step.key,
                           .listing = m_run->subject == TestSubject::Listing};
    enqueue(
        order,
        m_stopRun.get_token(),
        partOfRun,
        [this, order, run = m_run->id, number](const ProbeReport &report) {
            tellHealth(order, report);
            stepTested(run, number, report);
        },
        [this, run = m_run->id, number] {
            TestStep *begun = stepOf(run, number);
            if (!begun)
                return;
            begun->state = TestStep::State::Running;
            begun->beganAt = m_administration.foundation.clock.wallMilliseconds();
            emit stepBegan(run, number);
        });
}

// Null: the run is not the present one.
TestStep *ChannelTester::stepOf(qint64 run, int number)
{
    const bool known =
        m_run && m_run->id == run && static_cast<size_t>(number) < m_run->steps.size();
    return known ? &m_run->steps[static_cast<size_t>(number)] : nullptr;
}

bool ChannelTester::retryFailed()
{
    if (!m_run || m_run->isRunning())
        return false;
    std::vector<int> failed;
    for (TestStep &step : m_run->steps) {
        if (!step.outcome.hasFailed())
            continue;
        failed.push_back(step.number);
        step.state = TestStep::State::Waiting;
    }
    if (failed.empty())
        return false;
    std::erase_if(m_run->outcomes, [](const ChannelTestOutcome &one) { return one.hasFailed(); });
    m_run->finishedAt = 0;
    m_run->cancelled = false;
    m_stopRun = std::stop_source();
    m_runCatalog = m_administration.publisher.catalog();
    for (const int number : failed)
        enqueueStep(number);
    emit runProgressed(m_run->id, m_run->done(), m_run->total);
    return true;
}

bool ChannelTester::cancelRun(qint64 id)
{
    if (!m_run || m_run->id != id || !m_run->isRunning())
        return false;
    m_run->cancelled = true;
    m_stopRun.request_stop();
    return true;
}

Answer<DraftTestReport> ChannelTester::testDraft(DraftTestOrder order)
{
    const auto complete = m_administration.channels.completeDraft(order.channel);
    return onSuccess(complete, this, [this, order](const domain::Channel &channel) mutable {
        order.channel = channel;
        m_administration.publisher.echo().fill(order.channel);
        return testKeys(order);
    });
}

Answer<DraftTestReport> ChannelTester::testKeys(const DraftTestOrder &order)
{
    struct Test
    {
        QPromise<base::Result<DraftTestReport>> promise{};
        DraftTestReport report{};
        size_t left = 0;
    };
    const auto test = std::make_shared<Test>();
    test->promise.start();
    test->left = std::max<size_t>(1, size_t(order.channel.keys.size()));
    test->report.keys.resize(test->left);
    const std::stop_token stop = m_stopDrafts.get_token();
    const auto deliver = [this, test, stop](const DraftKeyReport &report) {
        test->report.keys[size_t(report.position)] = report;
        test->report.models += report.models;
        emit draftKeyTested(report);
        if (--test->left > 0)
            return;
        test->report.models.sort();
        test->report.models.removeDuplicates();
        test->report.cancelled = stop.stop_requested();
        test->promise.addResult(base::Result<DraftTestReport>(std::move(test->report)));
        test->promise.finish();
    };
    const int keys = static_cast<int>(test->left);
    for (int position = 0; position < keys; ++position) {
        m_pool.start(
            [this, order, position, stop, deliver, settings = m_administration.settings.current()] {
                DraftKeyReport report = probeGuarded(order, position, settings, stop);
                QMetaObject::invokeMethod(
                    this,
                    [deliver, report = std::move(report)] { deliver(report); },
                    Qt::QueuedConnection);
            },
            askedFor);
    }
    return test->promise.future();
}

void ChannelTester::cancelDraftTests()
{
    m_stopDrafts.request_stop();
    m_stopDrafts = std::stop_source();
}

// Routing goes by what it knows of a key: it follows a test as it follows a client's request, so that
// what is shown of the key and what becomes of requests are the same.
void ChannelTester::tellHealth(const ProbeOrder &order, const ProbeReport &report)
{
    const domain::CatalogChannel *tested = order.catalog->channel(order.channel);
    const auto catalog = m_administration.publisher.catalog();
    const domain::CatalogChannel *present = catalog->channel(order.channel);
    const domain::ChannelKey *key = tested ? keyToTry(tested->channel, order.key) : nullptr;
    // Another one may stand in its place by now.
    if (!present || !key || !key->enabled || !present->channel.keys.contains(*key))
        return;
    relay::ChannelHealth &health = m_administration.foundation.health;
    const bool isRefused = report.refusal == protocol::ErrorClass::Authentication
                           || report.refusal == protocol::ErrorClass::OutOfCredit;
    if (isRefused) {
        health.report(
            order.channel, key->id, relay::HealthEvent::KeyRefused, catalog->settings().relay);
        m_administration.statistics.keyRefused(
            {.channel = order.channel,
             .key = key->id,
             .error = {.status = report.outcome.httpStatus, .kind = *report.refusal}});
    } else if (report.outcome.succeeded() && !order.listing) {
        health.forgetRefusal(order.channel, key->id);
    }
}

void ChannelTester::record(const ProbeReport &report)
{
    if (report.outcome.state != ChannelTestOutcome::State::NotTested) {
        // 0 stands for a failure, also of an answer that took less than a millisecond.
        const int elapsed = report.outcome.succeeded()
                                ? std::max(1, static_cast<int>(report.outcome.elapsed.count()))
                                : 0;
        m_administration.channels.recordTest(
            report.outcome.channel, m_administration.foundation.now(), elapsed);
    }
    emit tested(report.outcome);
}

void ChannelTester::stepTested(qint64 run, int number, ProbeReport report)
{
    TestStep *step = stepOf(run, number);
    if (report.outcome.channelName.isEmpty() && step)
        report.outcome.channelName = step->channelName;
    record(report);
    // A list of models says nothing of whether a request would be served, or paid for.
    const bool onlyListed = step && m_run->subject == TestSubject::Listing;
    if (!onlyListed || !report.outcome.succeeded())
        actOn(report, step ? step->key : 0);
    if (!step)
        return;
    step->state = TestStep::State::Done;
    // What was to be retried and then was not has its last result still.
    const bool isKept = m_run->cancelled && step->outcome.hasFailed()
                        && report.outcome.state == ChannelTestOutcome::State::NotTested;
    if (!isKept)
        step->outcome = report.outcome;
    m_run->outcomes.push_back(step->outcome);
    emit runProgressed(run, m_run->done(), m_run->total);
    if (m_run->done() == m_run->total)
        endRun();
}

void ChannelTester::endRun()
{
    m_run->finishedAt = m_administration.foundation.now();
    const auto good = std::count_if(m_run->outcomes.begin(),
                                    m_run->outcomes.end(),
                                    [](const ChannelTestOutcome &one) { return one.succeeded(); });
    qCInfo(lcAdmin) << "Channel tests: run" << m_run->id << "has ended;" << good << "of"
                    << m_run->total << "tests were answered.";
    emit runFinished(*m_run);
}

// A refusal disables only by its type, and of several keys the refused one alone; a success enables
// only what a machine had disabled.
void ChannelTester::actOn(const ProbeReport &report, qint64 key)
{
    const domain::Settings settings = m_administration.settings.current();
    // The request of a test is sound, so that who is forbidden it has a key that is of no use.
    const bool keyAtFault = report.refusal == protocol::ErrorClass::Authentication
                            || report.refusal == protocol::ErrorClass::Forbidden
                            || report.refusal == protocol::ErrorClass::OutOfCredit;
    const auto catalog = m_administration.publisher.catalog();
    const domain::CatalogChannel *channel = catalog->channel(report.outcome.channel);
    if (!channel)
        return;
    if (keyAtFault && settings.relay.disableAutomatically
        && channel->channel.status == ChannelStatus::Enabled) {
        // The key keeps why it is out of use, and takes the channel along if it was the last one. Who is
        // forbidden the request of a test may yet use another of several keys.
        const bool saysWhy = report.refusal != protocol::ErrorClass::Forbidden;
        if (key != 0 && (saysWhy || channel->channel.keys.size() > 1)) {
            m_administration.channels.keyRefused(
                {.channel = report.outcome.channel,
                 .key = key,
                 .error = {.status = report.outcome.httpStatus, .kind = *report.refusal}});
            return;
        }
        m_administration.channels.setEnabledAutomatically(
            report.outcome.channel, false, report.outcome.text.english());
    } else if (report.outcome.succeeded() && settings.relay.enableAutomatically
               && channel->channel.status == ChannelStatus::DisabledAutomatically) {
        m_administration.channels.setEnabledAutomatically(report.outcome.channel, true);
    }
}

} // namespace gatehouse::admin
