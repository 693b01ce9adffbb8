#pragma once

#include "admin/flow.h"
#include "domain/channel.h"

#include <QMap>
#include <QObject>

#include <stop_token>

namespace gatehouse::admin {

// A provider that was found on this computer: what a channel could be made of.
struct FoundProvider
{
    enum class Source { Environment, LocalServer };

    Source source = Source::LocalServer;
    QString origin{};          // the variable's name, or the address that answered
    QString maskedKey{};       // of Source::Environment
    domain::Channel channel{}; // a draft: name, type, address, key, models
};

// A place that was looked at.
struct DiscoveryPlace
{
    QString name{}; // "Ollama"
    QString url{};  // http://127.0.0.1:11434/api/tags
    int providerType = 0;
    QString baseUrl{}; // of the channel that would be made
};

// The servers of local models that are looked for, on the loopback address alone.
std::vector<DiscoveryPlace> discoveryPlaces();
// The variables of the environment that are looked into.
QStringList discoveryVariables();
// The keys in the variables that programs of providers use.
std::vector<FoundProvider> providersIn(const QMap<QString, QString> &environment);

// Looks for providers on this computer. Imports nothing. Lives in the main thread; the probes run in
// the pool, with 800 ms each.
class Discovery : public QObject
{
    Q_OBJECT

public:
    static constexpr std::chrono::milliseconds patience{800};

    explicit Discovery(QMap<QString, QString> environment,
                       std::vector<DiscoveryPlace> places = discoveryPlaces(),
                       QObject *parent = nullptr);
    ~Discovery() override;

    const std::vector<DiscoveryPlace> &places() const { return m_places; }
    bool isSet(const QString &variable) const
    {
        return !m_environment.value(variable).trimmed().isEmpty();
    }
    // Keys of the environment first, then servers, in the order of places().
    Answer<std::vector<FoundProvider>> scan();

private:
    const QMap<QString, QString> m_environment;
    const std::vector<DiscoveryPlace> m_places;
    std::stop_source m_stop;
    QThreadPool m_pool;
};

} // namespace gatehouse::admin
