#include "management/userjson.h"

#include "management/budgetjson.h"

using namespace Qt::StringLiterals;

namespace gatehouse::management {

QJsonObject signedInJson(const domain::User &user)
{
    return {{u"id"_s, user.id.value},
            {u"username"_s, user.username},
            {u"display_name"_s, user.displayName},
            {u"role"_s, static_cast<int>(user.role)},
            {u"status"_s, static_cast<int>(user.status)}};
}

QJsonObject userJson(const domain::User &user)
{
    QJsonObject json = signedInJson(user);
    for (const QString &name : {u"password"_s,
                                u"github_id"_s,
                                u"wechat_id"_s,
                                u"lark_id"_s,
                                u"oidc_id"_s,
                                u"verification_code"_s,
                                u"access_token"_s})
        json.insert(name, QString());
    json.insert(u"email"_s, user.email);
    json.insert(u"quota"_s, user.balance.units);
    json.insert(u"used_quota"_s, user.used.units);
    json.insert(u"request_count"_s, user.requestCount);
    json.insert(u"group"_s, QString::fromUtf8(user.group));
    json.insert(u"aff_code"_s, user.invitationCode);
    json.insert(u"inviter_id"_s, user.inviter.value);
    json.insert(u"created_time"_s, user.createdAt);
    addBudget(json, user.budget);
    return json;
}

} // namespace gatehouse::management
