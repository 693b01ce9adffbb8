#pragma once

#include "admin/flow.h"
#include "admin/prices/pricesinforce.h"
#include "domain/catalog.h"
#include "domain/history.h"
#include "relay/admission/admission.h"
#include "storage/repositories/catalogloader.h"
#include "storage/storagethreads.h"

#include <QObject>
#include <QThreadPool>
#include <QTimer>

#include <deque>
#include <functional>

namespace gatehouse::admin {

// The offline provider's own address, as it was made at this start.
struct EchoProvider
{
    QString baseUrl{};
    base::Secret key{};

    // Where a channel of its type leads, and its key; other channels stay as they are.
    void fill(domain::Channel &channel) const;
};

// The one way by which a change of what the gateway must know is stored and put in force. Changes
// that come while a catalog is being read wait until it is read, so that a balance is never both in
// a catalog that opens accounts and told to relay::Admission; changes that wait together are put in
// force together. Lives in the main thread.
class CatalogPublisher : public QObject
{
    Q_OBJECT

public:
    // Hands a catalog to all gateway threads; the future ends when every one of them uses it.
    using Install = std::function<QFuture<void>(std::shared_ptr<const domain::Catalog>)>;

    // `environment` holds the variables that stand above the stored settings.
    CatalogPublisher(storage::StorageThreads &storage,
                     const storage::KeySealer &sealer,
                     relay::Admission &admission,
                     QMap<QString, QString> environment,
                     BuiltInPrice builtInPrice,
                     QObject *parent = nullptr);
    ~CatalogPublisher() override;
    // Until nothing of this runs in another thread.
    void waitForWork() { m_pool.waitForDone(); }

    void setEcho(EchoProvider echo) { m_echo = std::move(echo); }
    const EchoProvider &echo() const { return m_echo; }
    void setInstall(Install install) { m_install = std::move(install); }

    // What is in force; null until the first publish() has succeeded.
    const std::shared_ptr<const domain::Catalog> &catalog() const { return m_catalog; }
    const QMap<QString, QString> &environment() const { return m_environment; }
    // From the next publish() on.
    void setEnvironment(QMap<QString, QString> environment)
    {
        m_environment = std::move(environment);
    }

    // Runs `write` as StorageThreads::write() does and answers when its effect is in force. `stored`
    // is called in between, in this thread, with the value of a success (without one for a
    // Result<>), for what memory must know.
    template<typename Write, typename Stored>
    auto change(Write write, Stored stored);
    template<typename Write>
    auto change(Write write);

    // Reads the catalog again, as at the start and after a change from elsewhere.
    Answer<> publish();
    // Ends when nothing is left to be stored or put in force.
    QFuture<void> settled();

signals:
    // Emitted before the change that caused it is answered.
    void catalogChanged(std::shared_ptr<const domain::Catalog> catalog);

private:
    using Done = std::function<void(const base::Result<> &)>;
    using Step = std::function<void()>;

    void enqueue(Step step);
    // A step is over. `done` is called when its effect is in force; at once if it changed nothing.
    void finished(bool changed, Done done);
    void advance();
    void load();
    void loaded(base::Result<std::shared_ptr<const domain::Catalog>> outcome);
    void complete(std::vector<Done> waiting, const base::Result<> &outcome);
    bool isIdle() const;

    storage::StorageThreads &m_storage;
    relay::Admission &m_admission;
    const storage::KeySealer &m_sealer;
    QMap<QString, QString> m_environment;
    const std::shared_ptr<PricesInForce> m_prices;
    EchoProvider m_echo{};
    Install m_install{};
    std::shared_ptr<const domain::Catalog> m_catalog{};

    std::deque<Step> m_queue{};    // wait for the load that is due
    std::vector<Done> m_waiting{}; // stored, but not in force
    std::vector<QPromise<void>> m_settled{};
    int m_running = 0; // steps that are being stored
    int m_installing = 0;
    bool m_changed = false; // a load is due
    bool m_loading = false;
    QTimer m_retry;
    QTimer m_nextDay;   // who shows list prices is told that they may be others
    QThreadPool m_pool; // last: its jobs end before anything else of this object
};

template<typename Write, typename Stored>
auto CatalogPublisher::change(Write write, Stored stored)
{
    using Outcome = std::invoke_result_t<Write &, storage::Database &>;
    auto promise = std::make_shared<QPromise<Outcome>>();
    promise->start();
    QFuture<Outcome> answer = promise->future();
    auto held = std::make_shared<Write>(std::move(write));
    enqueue(
        [this, promise, held, stored = std::move(stored), author = domain::ActingAs::present()] {
            const domain::ActingAs acting(author);
            m_storage.write(std::move(*held)).then(this, [this, promise, stored](Outcome outcome) {
                if (outcome) {
                    if constexpr (std::is_void_v<typename Outcome::value_type>)
                        stored();
                    else
                        stored(*outcome);
                }
                const bool changed = outcome.has_value();
                finished(changed, [promise, outcome](const base::Result<> &published) {
                    promise->addResult(published ? outcome
                                                 : Outcome(base::fail(published.error())));
                    promise->finish();
                });
            });
        });
    return answer;
}

template<typename Write>
auto CatalogPublisher::change(Write write)
{
    return change(std::move(write), [](const auto &...) {});
}

} // namespace gatehouse::admin
