#pragma once

#include "admin/gateway/gatewaycontrol.h"
#include "admin/gateway/gatewayparts.h"
#include "relay/admission/tokenmeter.h"
#include "scenarios/testclient.h"
#include "storage/ledger/ledgerwriter.h"
#include "support/administrationfixture.h"
#include "support/fakeupstream.h"

#include <QTest>
#include <QUrl>

#include <mutex>

namespace gatehouse::admin {

using namespace Qt::StringLiterals;

using support::AdministrationFixture;
using support::FakeUpstream;
using support::ReceivedRequest;
using support::Script;
using support::TestClient;

// Answers every path of the management with a fixed text.
class FixedApi final : public gateway::ApiHandler
{
public:
    bool serves(QByteArrayView path) const override { return path.startsWith("/api/"); }
    void handle(gateway::ApiRequest, Reply reply) override { reply({.body = "managed"}); }
};

// The administration with a gateway that a GatewayControl starts and stops.
class ControlledHouse
{
public:
    ControlledHouse()
    {
        house.start();
        ledger = std::make_unique<storage::LedgerWriter>(*house.storage, house.clock);
        shared.reset(new gateway::Shared{.clock = house.clock,
                                         .admission = *house.admission,
                                         .health = *house.health,
                                         .load = *house.load,
                                         .ledger = *ledger,
                                         .events = events,
                                         .meter = meter,
                                         .api = &api,
                                         .spool = spool});
        storage::LedgerWriter *writer = ledger.get();
        control = std::make_unique<GatewayControl>(GatewayParts{
            .administration = *house.administration,
            .shared = *shared,
            .receipts = {
                .add = [writer](auto post) { return writer->registerReceiver(std::move(post)); },
                .remove = [writer](int receiver) { writer->unregisterReceiver(receiver); }},
            .ownAddresses = own,
            .dispatcher = qEnvironmentVariable("GATEHOUSE_DISPATCHER")});
        set(u"server.listen"_s, u"127.0.0.1:0"_s);
    }
    ~ControlledHouse()
    {
        control.reset();
        house.administration->publisher.settled();
        ledger.reset();
    }

    void set(const QString &name, const QString &value)
    {
        QVERIFY(house.wait(house.administration->settings.set(name, value)));
    }
    // A channel that leads to `provider`, and a token of root for it.
    void serve(const FakeUpstream &provider)
    {
        QVERIFY(house.wait(house.administration->channels.create(
            {domain::Channel{.name = u"provider"_s,
                             .baseUrl = QString::fromLatin1(provider.baseUrl()),
                             .keys = {domain::ChannelKey{.secret = base::Secret(u"k"_s)}},
                             .models = {u"small"_s}}})));
        const auto token = house.wait(
            house.administration->tokens.create(house.root(), {.name = u"t"_s, .unlimited = true}));
        key = token->key.reveal();
        QVERIFY(house.wait(house.administration->users.change(
            house.root(), house.root().id, {.balance = domain::Quota{1'000'000}})));
    }
    quint16 port() const { return static_cast<quint16>(QUrl(control->urls().value(0)).port()); }
    std::unique_ptr<TestClient> chat(const QByteArray &path = "/v1/chat/completions") const
    {
        auto client = std::make_unique<TestClient>(port());
        client->send(support::post(
            path,
            R"({"model":"small","max_tokens":9,"messages":[{"role":"user","content":"hi"}]})",
            key));
        return client;
    }

    class Meter final : public relay::TokenMeter
    {
    public:
        qint64 promptTokens(QByteArrayView, QByteArrayView) const override { return 1; }
        qint64 textTokens(QByteArrayView, QByteArrayView) const override { return 1; }
    };
    class Events final : public relay::RelayEvents
    {
    public:
        void keyRefused(const relay::KeyRefusal &) override {}
        void formerKeyUsed(const domain::FormerKeyUse &use) override
        {
            const std::lock_guard lock(m_mutex);
            m_formerUses.push_back(use);
        }
        std::vector<domain::FormerKeyUse> formerUses() const
        {
            const std::lock_guard lock(m_mutex);
            return m_formerUses;
        }

    private:
        mutable std::mutex m_mutex;
        std::vector<domain::FormerKeyUse> m_formerUses{};
    };

    AdministrationFixture house{};
    std::unique_ptr<storage::LedgerWriter> ledger{};
    Meter meter{};
    Events events{};
    FixedApi api{};
    http::SpoolBudget spool{16 * 1024 * 1024};
    std::unique_ptr<gateway::Shared> shared{};
    OwnAddresses own{};
    std::unique_ptr<GatewayControl> control{};
    QByteArray key{};
};

inline Script answer()
{
    return support::jsonAnswer(
        200,
        R"({"choices":[{"message":{"content":"Hello"},"finish_reason":"stop"}],"usage":)"
        R"({"prompt_tokens":10,"completion_tokens":5}})");
}

inline Script late()
{
    const Script prompt = answer();
    Script script;
    script.pause(std::chrono::milliseconds(300));
    for (const Script::Step &step : prompt.steps())
        script.send(step.bytes);
    return script;
}

} // namespace gatehouse::admin
