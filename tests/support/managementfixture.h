#pragma once

#include "management/managementapi.h"
#include "support/administrationfixture.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace gatehouse::support {

// How a test asks: nothing at all, a session or an access token.
struct Credentials
{
    QByteArray session{};
    QByteArray accessToken{};
    bool local = false;
};

struct ApiAnswer
{
    int status = 0;
    gateway::ApiFields headers{};
    QByteArray body{};
    QJsonObject json{};

    bool success() const { return json.value(QStringLiteral("success")).toBool(); }
    QString message() const { return json.value(QStringLiteral("message")).toString(); }
    QJsonValue data() const { return json.value(QStringLiteral("data")); }
    QJsonObject object() const { return data().toObject(); }
    QJsonArray array() const { return data().toArray(); }
    QByteArray header(const QByteArray &name) const
    {
        for (const auto &[known, value] : headers) {
            if (known.compare(name, Qt::CaseInsensitive) == 0)
                return value;
        }
        return {};
    }
    // The value of the session cookie that was set.
    QByteArray cookie() const
    {
        const QByteArray set = header("Set-Cookie");
        return set.startsWith("session=") ? set.mid(8, set.indexOf(';') - 8) : QByteArray();
    }
};

// The management API on a real database, asked without sockets.
class ManagementFixture : public AdministrationFixture
{
public:
    using AdministrationFixture::AdministrationFixture;

    admin::ChannelTests *tests = nullptr;
    management::Instance instance{};
    std::unique_ptr<management::ManagementApi> api{};
    QHostAddress client{QStringLiteral("192.0.2.7")};

    ~ManagementFixture() { stopApi(); }

    void startApi()
    {
        start();
        auto made = management::ManagementApi::create({.administration = *administration,
                                                       .tests = tests,
                                                       .version = QStringLiteral("1.2.3"),
                                                       .instance = instance});
        QVERIFY2(made, made ? "" : qPrintable(made.error().message.english()));
        api = std::move(*made);
    }
    void stopApi()
    {
        api.reset();
        stop();
    }
    void restart()
    {
        stopApi();
        startApi();
    }

    gateway::ApiRequest request(const QByteArray &method,
                                const QByteArray &target,
                                const QByteArray &body = {},
                                const Credentials &credentials = {}) const
    {
        gateway::ApiRequest request{.method = method, .body = body, .client = client};
        const qsizetype query = target.indexOf('?');
        request.path = query < 0 ? target : target.first(query);
        request.query = query < 0 ? QByteArray() : target.sliced(query + 1);
        request.headers.emplace_back("Host", "127.0.0.1:3000");
        if (!body.isEmpty() || method != "GET")
            request.headers.emplace_back("Content-Type", "application/json");
        if (!credentials.session.isEmpty())
            request.headers.emplace_back("Cookie", "theme=x; session=" + credentials.session);
        if (!credentials.accessToken.isEmpty())
            request.headers.emplace_back("Authorization", "Bearer " + credentials.accessToken);
        request.local = credentials.local;
        return request;
    }
    ApiAnswer ask(const gateway::ApiRequest &request) const
    {
        ApiAnswer answer;
        int replies = 0;
        api->handle(request, [&](gateway::ApiResponse response) {
            ++replies;
            answer.status = response.status;
            answer.headers = response.headers;
            answer.body = response.body;
        });
        if (!QTest::qWaitFor([&] { return replies > 0; }, 30'000))
            qWarning("no reply to %s %s", request.method.constData(), request.path.constData());
        answer.json = QJsonDocument::fromJson(answer.body).object();
        return answer;
    }
    ApiAnswer ask(const QByteArray &method,
                  const QByteArray &target,
                  const Credentials &credentials,
                  const QJsonObject &body = {}) const
    {
        const QByteArray text =
            body.isEmpty() ? QByteArray() : QJsonDocument(body).toJson(QJsonDocument::Compact);
        return ask(request(method, target, text, credentials));
    }

    // Signs in and gives the session; empty if it was refused.
    Credentials signIn(const QString &name, const QString &password) const
    {
        const ApiAnswer answer =
            ask("POST",
                "/api/user/login",
                {},
                {{QStringLiteral("username"), name}, {QStringLiteral("password"), password}});
        return {.session = answer.cookie()};
    }
    Credentials rootSession() const
    {
        return signIn(QStringLiteral("root"), QString::fromLatin1(rootPassword));
    }
    // Makes a user of that role with the password "password-of-NAME" and signs in.
    Credentials newUser(const QString &name, domain::Role role = domain::Role::User) const
    {
        const ApiAnswer made =
            ask("POST",
                "/api/user/",
                {.local = true},
                {{QStringLiteral("username"), name},
                 {QStringLiteral("password"), QString(QStringLiteral("password-of-") + name)},
                 {QStringLiteral("role"), static_cast<int>(role)}});
        if (!made.success())
            qWarning("%s", qPrintable(made.message()));
        return signIn(name, QStringLiteral("password-of-") + name);
    }
};

// Warns of each member that is missing.
inline bool hasAll(const QJsonObject &object, const QStringList &names)
{
    for (const QString &name : names) {
        if (!object.contains(name)) {
            qWarning("%s is missing", qPrintable(name));
            return false;
        }
    }
    return true;
}

} // namespace gatehouse::support
