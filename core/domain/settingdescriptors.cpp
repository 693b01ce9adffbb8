#include "domain/settingtables.h"

using namespace Qt::StringLiterals;

namespace gatehouse::domain {

using Category = SettingDescriptor::Category;

namespace {

Category categoryOf(const QString &key)
{
    static const QMap<QString, Category> byPrefix{{u"server"_s, Category::Server},
                                                  {u"http"_s, Category::Http},
                                                  {u"relay"_s, Category::Routing},
                                                  {u"cache"_s, Category::Routing},
                                                  {u"tests"_s, Category::Tests},
                                                  {u"accounting"_s, Category::Accounting},
                                                  {u"sessions"_s, Category::Security},
                                                  {u"storage"_s, Category::Storage},
                                                  {u"traffic"_s, Category::Traffic},
                                                  {u"log"_s, Category::Traffic},
                                                  {u"integrations"_s, Category::Integrations},
                                                  {u"texts"_s, Category::Texts}};
    if (key == "server.allowed_hosts"_L1 || key == "server.allowed_networks"_L1
        || key == "server.trusted_proxies"_L1 || key == "server.cors_origins"_L1)
        return Category::Security;
    return byPrefix.value(key.section(u'.', 0, 0), Category::Advanced);
}

std::vector<SettingDescriptor> allDescriptors()
{
    static const QStringList ofListeners{u"server.threads"_s,
                                         u"server.max_connections"_s,
                                         u"server.listen"_s,
                                         u"server.tls"_s,
                                         u"server.tls_certificate"_s,
                                         u"server.tls_key"_s};
    static const QStringList ofStart{u"storage.synchronous_full"_s, u"storage.busy_timeout"_s};
    std::vector<SettingDescriptor> all;
    for (auto part : {serverDescriptors(),
                      httpDescriptors(),
                      relayDescriptors(),
                      cacheDescriptors(),
                      accountingDescriptors(),
                      trafficDescriptors(),
                      integrationDescriptors(),
                      textDescriptors()})
        all.insert(all.end(), part.begin(), part.end());
    for (SettingDescriptor &setting : all) {
        setting.category = categoryOf(setting.key);
        setting.restartsListener = ofListeners.contains(setting.key);
        setting.restartsProgram = ofStart.contains(setting.key);
    }
    return all;
}

} // namespace

std::span<const SettingDescriptor> settingDescriptors()
{
    static const std::vector<SettingDescriptor> all = allDescriptors();
    return all;
}

const SettingDescriptor *settingDescriptor(QStringView key)
{
    for (const SettingDescriptor &setting : settingDescriptors()) {
        if (setting.key == key || (!setting.oneApiKey.isEmpty() && setting.oneApiKey == key))
            return &setting;
    }
    return nullptr;
}

} // namespace gatehouse::domain
