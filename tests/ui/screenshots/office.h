#pragma once

#include "ui/screenshots/officetraffic.h"
#include "ui/windowfixture.h"

#include <QNetworkAccessManager>

namespace gatehouse::screenshots {

// An office that has used Gatehouse for a month: channels in every state of health, people, tokens and
// their requests, some of which are being served.
class Office
{
public:
    explicit Office(support::WindowFixture &fixture);

    // Stores all of it. Waits until the statistics know it, too.
    void fill();
    // Requests that are being served until the office is gone, and one whose bodies are kept.
    void beginRequests();
    // States of health end after a while; this lets them begin again.
    void renewHealth();

    const QList<domain::Channel> &channels() const { return m_channels; }
    // The token that uses Claude Code.
    const domain::Token &token() const { return m_tokens.front(); }

private:
    void addUsers();
    void addTokens();
    void addChannels();
    void addTraffic();
    void sendChat(const domain::Token &token, const QByteArray &client, const QByteArray &model);
    domain::Channel &channel(const QString &name);
    void rest(const QString &name, relay::HealthEvent event, std::chrono::milliseconds time);
    void refuse(const QString &name, protocol::ErrorClass reason);

    support::WindowFixture &m_fixture;
    QHash<QString, domain::User> m_users;
    QList<domain::Token> m_tokens;
    QList<domain::Channel> m_channels;
    std::vector<OfficeToken> m_tokenTraffic;
    std::vector<OfficeChannel> m_channelTraffic;
    QNetworkAccessManager m_network;
};

} // namespace gatehouse::screenshots
