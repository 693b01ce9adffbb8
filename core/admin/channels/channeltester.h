#pragma once

#include "admin/administration.h"
#include "admin/channels/channelprobe.h"
#include "admin/channels/drafttest.h"

#include <QObject>
#include <QThreadPool>
#include <QTimer>

#include <map>
#include <stop_token>
#include <utility>

namespace gatehouse::admin {

// Tests channels in worker threads of its own, so that neither the window nor clients notice. Every
// test ends in exactly one value, whatever a provider answers and whatever happens in the worker;
// after the destructor began there is none. Lives in the main thread.
class ChannelTester final : public QObject, public ChannelTests
{
    Q_OBJECT

public:
    using Probe = std::function<ProbeReport(const ProbeOrder &, const std::stop_token &)>;

    // `minute` is how long a minute of the schedule lasts.
    explicit ChannelTester(Administration &administration,
                           Probe probe = probeChannel,
                           QObject *parent = nullptr,
                           std::chrono::milliseconds minute = std::chrono::minutes(1));
    ~ChannelTester() override;

    Answer<domain::AccountBalance> queryBalance(domain::ChannelId channel) override;
    Answer<ChannelTestOutcome> test(domain::ChannelId channel, const QString &model) override;
    Answer<ChannelTestStart> startRun(TestScope scope) override;
    Answer<ChannelTestStart> startRun(const TestPlan &plan);
    // Tests what failed in the latest run once more, as part of it. False: a run is under way, or
    // nothing failed.
    bool retryFailed();
    // How many tests that would be, and what they may cost.
    TestForecast forecast(const TestPlan &plan) const;
    std::optional<ChannelTestRun> latestRun() const override { return m_run; }
    bool cancelRun(qint64 id) override;

    // Tries each key of a channel that is not saved yet; draftKeyTested() tells of each. An Error means
    // that nothing was tried.
    Answer<DraftTestReport> testDraft(DraftTestOrder order);
    // Ends all tests of drafts early; what is done stays in their answers.
    void cancelDraftTests();

    // What the provider of a stored channel says it offers; nothing is stored.
    Answer<QStringList> queryModels(domain::ChannelId channel);

    // Breaks off what one channel is asked on its own. A test is answered as NotTested, the others as
    // Cancelled.
    void cancelQuestion(domain::ChannelId channel, ChannelQuestion question);

signals:
    void draftKeyTested(const gatehouse::admin::DraftKeyReport &report);
    // One test has ended, of a run or on its own.
    void tested(const gatehouse::admin::ChannelTestOutcome &outcome);
    void runProgressed(qint64 id, int done, int total);
    // A test of the run has begun.
    void stepBegan(qint64 id, int number);
    void runFinished(const gatehouse::admin::ChannelTestRun &run);

private:
    using Deliver = std::function<void(const ProbeReport &)>;

    void enqueue(ProbeOrder order,
                 std::stop_token stop,
                 int priority,
                 Deliver deliver,
                 std::function<void()> began = {});
    std::stop_token tokenOf(domain::ChannelId channel, ChannelQuestion question);
    void enqueueStep(int number);
    TestStep *stepOf(qint64 run, int number);
    Answer<DraftTestReport> testKeys(const DraftTestOrder &order);
    void tellHealth(const ProbeOrder &order, const ProbeReport &report);
    void record(const ProbeReport &report);
    void stepTested(qint64 run, int number, ProbeReport report);
    void endRun();
    void actOn(const ProbeReport &report, qint64 key);
    void schedule();

    Administration &m_administration;
    const Probe m_probe;
    const std::chrono::milliseconds m_minute;
    std::optional<ChannelTestRun> m_run{};
    std::shared_ptr<const domain::Catalog> m_runCatalog{}; // that the run was planned by
    qint64 m_lastRun = 0;
    std::stop_source m_stopRun; // of the present run
    std::stop_source m_stopDrafts;
    std::map<std::pair<qint64, ChannelQuestion>, std::stop_source> m_stopQuestions{};
    QTimer m_schedule;
    QThreadPool m_pool;
};

} // namespace gatehouse::admin
