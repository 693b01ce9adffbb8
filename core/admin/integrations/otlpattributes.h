#pragma once

#include "domain/attemptnote.h"
#include "domain/settings.h"
#include "domain/usagerecord.h"

#include <QJsonArray>
#include <QJsonObject>
#include <QString>

#include <functional>
#include <optional>
#include <utility>
#include <vector>

namespace gatehouse::admin {

// Null: the channel is gone.
using ChannelOf = std::function<const domain::Channel *(domain::ChannelId)>;

// Whole numbers of 64 bits are texts in the JSON of Protocol Buffers.
QString otlpNumber(qint64 number);
QString otlpNanoseconds(qint64 microseconds);

// The attributes of a span, a point or a resource. What is empty is left out.
class OtlpAttributes
{
public:
    void addText(const QString &key, const QString &value);
    void addText(const QString &key, const QByteArray &value);
    void addTexts(const QString &key, const QByteArrayList &values);
    void addNumber(const QString &key, qint64 value);
    void addFraction(const QString &key, double value);
    void addTruth(const QString &key, bool value);
    const QJsonArray &all() const { return m_all; }

private:
    void add(const QString &key, const QJsonObject &value);

    QJsonArray m_all{};
};

// In the words of the conventions, where they have one; else the name in the ledger.
QByteArray conventionalOperation(const QByteArray &name);
// In the words of the conventions; of a provider that they do not know, the name in their spelling.
QString conventionalProvider(int channelType);

// Why a request failed; empty: it did not.
QByteArray requestErrorType(const domain::UsageRecord &record);
// The same of one attempt.
QByteArray attemptErrorType(const domain::AttemptNote &attempt);
// What the provider of the channel, which may be null, was asked for. `isLast`: by the attempt that the
// line in the ledger tells of.
QString sentModel(const domain::UsageRecord &record, const domain::Channel *channel, bool isLast);

struct OtlpServer
{
    QString address{};
    int port = 0;
};

// Where the channel's provider is asked; absent: it has no address.
std::optional<OtlpServer> otlpServerOf(const domain::Channel &channel);

// What all that is sent says of this program.
struct OtlpResource
{
    QString serviceName{};
    QString instance{}; // told apart from other programs of that name; empty: not told
    std::vector<std::pair<QString, QString>> attributes{}; // further ones, by the owner
};

// Of "name=value,name=value", where values may be percent-encoded. As OpenTelemetry wants it, a text
// that cannot be read as a whole is none: absent.
std::optional<std::vector<std::pair<QString, QString>>> resourceAttributesFrom(const QString &text);

// `service.name` of the attributes counts where the settings leave it at the default.
OtlpResource otlpResourceOf(const domain::Settings::Integrations &settings,
                            const QString &instance);

// {"attributes": […]}
QJsonObject otlpResourceJson(const OtlpResource &resource);
// What names this program as the one that measured.
QJsonObject otlpScopeJson();

} // namespace gatehouse::admin
