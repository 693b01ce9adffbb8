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
    // File: one of another program, which is imported as such; `channel` has its name alone.
    enum class Source { Environment, LocalServer, File };

    Source source = Source::LocalServer;
    QString origin{};    // the variable's name, the address that answered, or the path
    QString profile{};   // the file that sets the variable, as in profileFiles(); empty: it is set
    QString maskedKey{}; // of Source::Environment
    domain::Channel channel{}; // a draft: name, type, address, key, models
    // Of Source::File: what would be new here.
    qint64 channels = 0;
    qint64 users = 0;
    qint64 tokens = 0;
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
// Where other programs usually keep what can be imported, whether it is there or not; see ImportService.
QStringList discoveryFiles(const QString &home, const QMap<QString, QString> &environment);
// The keys in the variables that programs of providers use.
std::vector<FoundProvider> providersIn(const QMap<QString, QString> &environment);
// The files below the home directory in which shells and providers' programs are told their variables: a
// program that was started from a menu sees none of what stands there. As ~/.zshrc.
QStringList profileFiles();
// The variables that are looked into and that such a file gives a literal value: what a shell would have to
// work out is left alone, and an address of that kind is given as one that is none. The last line counts.
QMap<QString, QString> variablesOfProfile(const QByteArray &text);

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
    // The profileFiles() that are there. Empty before the scan has ended.
    const QStringList &profiles() const { return m_profiles; }
    // Keys of the environment first, then those of profiles, then servers, in the order of places().
    Answer<std::vector<FoundProvider>> scan();

private:
    const QMap<QString, QString> m_environment;
    const std::vector<DiscoveryPlace> m_places;
    QStringList m_profiles{};
    std::stop_source m_stop;
    QThreadPool m_pool;
};

} // namespace gatehouse::admin
