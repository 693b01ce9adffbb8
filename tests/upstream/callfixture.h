#pragma once

#include "support/manualclock.h"
#include "upstream/client.h"

#include <QByteArrayList>

#include <functional>
#include <optional>

namespace gatehouse::upstream {

// Writes down what a call gives, and can do something from inside each function.
class Recorder final : public StreamReceiver
{
public:
    void headReceived(const http::ResponseHead &head) override;
    void bodyReceived(QByteArrayView bytes) override;
    void batchEnded() override;
    void completed() override;
    void failed(const Failure &failure) override;

    bool hasEnded() const { return completions + (failure ? 1 : 0) > 0; }
    // -1: no failure.
    int failureKind() const { return failure ? static_cast<int>(failure->kind) : -1; }

    int status = 0;
    QByteArray statusLine{}; // "STATUS LENGTH CHUNKED KEEPALIVE"
    QByteArrayList fields{}; // "name: value"
    QByteArray body{};
    qint64 bodyBytes = 0;
    bool keepsBody = true;
    int completions = 0;
    std::optional<Failure> failure{};
    QByteArrayList events{}; // "head", "body", "batch", "completed", "failed"; repetitions joined

    std::function<void()> onHead{};
    std::function<void()> onBody{};
    std::function<void()> onBatch{};
    std::function<void()> onCompleted{};
    std::function<void()> onFailed{};

private:
    void note(const QByteArray &event);
};

// A client on a clock that stands still until the test moves it.
class CallFixture
{
public:
    explicit CallFixture(ClientLimits limits = {});

    // Lets time pass for all deadlines.
    void advance(std::chrono::milliseconds time);

    support::ManualClock clock;
    base::TimingWheel wheel;
    Client client;
};

std::shared_ptr<Endpoint> plainEndpoint(quint16 port);
// A GET, or a POST if there is a body.
Call callTo(const std::shared_ptr<const Endpoint> &endpoint,
            const QByteArray &target = "/",
            const QByteArray &body = {});

} // namespace gatehouse::upstream
