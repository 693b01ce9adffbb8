#pragma once

#include "relay/cache/answercache.h"
#include "relay/exchangefixture.h"

#include <QTest>

namespace gatehouse::relay {

// A gateway thread with a cache of answers, which keeps all of them, and one provider whose requests cost
// ten units each.
class CacheFixture
{
public:
    CacheFixture()
    {
        cache = std::make_unique<AnswerCache>(exchanges.clock);
        exchanges.context.answers = cache.get();
        exchanges.content.addChannel(1, provider.baseUrl());
        exchanges.content.setPricePerCall("small", {10});
        exchanges.content.settings().cache = {.answers = true,
                                              .requests = domain::CachedRequests::All};
        exchanges.content.settings().relay.retries = 0;
        publish();
    }

    void publish()
    {
        exchanges.publish();
        cache->configure(exchanges.content.settings().cache);
    }
    // The provider answers so from now on.
    void answerWith(const support::Script &answer)
    {
        provider.setHandler([answer](const support::ReceivedRequest &) { return answer; });
    }
    std::unique_ptr<Asked> ask(const QByteArray &body = chatRequest(),
                               const std::vector<std::pair<QByteArray, QByteArray>> &fields = {},
                               protocol::Operation operation = protocol::Operation::ChatCompletions)
    {
        const QByteArray model = protocol::namesModelInPath(operation) ? "small" : "";
        auto asked = exchanges.ask(body, operation, model, fields);
        if (!QTest::qWaitFor([&] { return asked->client.hasEnded(); }))
            qFatal("It did not end.");
        return asked;
    }
    static QByteArray resultOf(const Asked &asked)
    {
        return asked.client.field("X-Gatehouse-Cache");
    }
    const domain::UsageRecord &record() const { return exchanges.record(); }

    support::FakeUpstream provider{
        [](const support::ReceivedRequest &) { return support::jsonAnswer(200, chatAnswer()); }};
    std::unique_ptr<AnswerCache> cache{}; // outlives the exchanges
    ExchangeFixture exchanges{};
};

} // namespace gatehouse::relay
