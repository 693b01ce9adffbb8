#pragma once

#include "admin/channels/routeexplanation.h"
#include "support/administrationfixture.h"

namespace gatehouse::admin {

// What tests of explained routes have in common.

inline const QByteArray chatBody =
    R"({"model":"gpt-4o","messages":[{"role":"user","content":"Hello"}]})";

inline domain::Channel channel(const QString &name, qint64 priority = 0, int weight = 1)
{
    return {.name = name,
            .keys = {domain::ChannelKey{.secret =
                                            base::Secret(QString(QStringLiteral("key-") + name))}},
            .models = {QStringLiteral("gpt-4o")},
            .priority = priority,
            .weight = weight};
}

inline void create(support::AdministrationFixture &house,
                   const std::vector<domain::Channel> &channels)
{
    const auto made = house.wait(house.administration->channels.create(channels));
    QVERIFY2(made, made ? "" : qPrintable(made.error().message.english()));
}

inline RouteExplanation explain(support::AdministrationFixture &house, RouteQuestion question)
{
    if (question.model.isEmpty())
        question.model = "gpt-4o";
    const auto answer = house.wait(house.administration->routes.explain(question));
    if (!answer)
        qFatal("%s", qPrintable(answer.error().message.english()));
    return *answer;
}

inline const RouteCandidate *named(const std::vector<RouteCandidate> &all, const QString &name)
{
    for (const RouteCandidate &candidate : all) {
        if (candidate.name == name)
            return &candidate;
    }
    return nullptr;
}

} // namespace gatehouse::admin
