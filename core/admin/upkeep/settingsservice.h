#pragma once

#include "admin/channels/channeladdress.h"
#include "admin/foundation.h"
#include "domain/settings.h"

#include <QObject>

#include <optional>
#include <vector>

namespace gatehouse::admin {

// A value of a setting that has few.
struct SettingChoice
{
    QString value{};
    QString label{};
};

// One setting as it stands, with what a page needs to show and check it. Texts are in the language of
// the program.
struct SettingView
{
    using Kind = domain::SettingDescriptor::Kind;
    using Category = domain::SettingDescriptor::Category;

    QString key{};
    QString oneApiKey{}; // empty: One API has none
    QString value{};     // in force
    QString label{};     // in a few words
    QString description{};
    bool fromEnvironment = false; // given to this start; set() refuses another value
    QString variable{};           // that locks it, or could: GATEHOUSE_SERVER_LISTEN

    Kind kind = Kind::Text;
    Category category = Category::Advanced;
    QString unit{}; // "seconds", "bytes"; empty: none
    double least = 0;
    double most = 0; // of texts: the longest
    QString defaultValue{};
    std::vector<SettingChoice> choices{}; // of Kind::Choice
    bool isModified = false;              // differs from the default
    bool restartsListener = false;        // in force after GatewayControl::restart()
    bool restartsProgram = false;
};

// The settings. Lives in the main thread.
class SettingsService : public QObject
{
    Q_OBJECT

public:
    explicit SettingsService(const Foundation &foundation,
                             OwnAddress isOwnAddress = {},
                             QObject *parent = nullptr);

    std::vector<SettingView> all() const;
    // Absent: there is no such setting.
    std::optional<SettingView> find(const QString &key) const;
    // The settings in force; the defaults until a catalog was published.
    domain::Settings current() const;

    // This start was told to use `value` instead of what is stored, by `origin`, such as "--listen".
    void fix(const QString &key, const QString &value, const QString &origin);

    // Of variables of the environment that something else stands for, such as a configuration file, what
    // people know it by.
    void setOrigins(QMap<QString, QString> origins) { m_origins = std::move(origins); }

    // Whether set() would take the value.
    base::Result<> check(const QString &key, const QString &value) const;
    // By its own or One API's key. Checked, stored and in force when it is answered.
    Answer<> set(const QString &key, const QString &value);
    // Several at once, all or none.
    Answer<> setAll(const QMap<QString, QString> &values);
    // Back to the default.
    Answer<> reset(const QString &key);

    // Options that mean nothing to this program and are kept for the tools that store them.
    Answer<QMap<QString, QString>> foreign();
    Answer<> setForeign(const QString &key, const QString &value);

private:
    struct Fixed
    {
        QString value{};
        QString origin{};
    };

    base::Result<QString> storable(const QString &key, const QString &value) const;
    SettingView viewOf(const domain::SettingDescriptor &setting,
                       const domain::Settings &settings) const;

    const Foundation m_base;
    const OwnAddress m_isOwnAddress;
    QMap<QString, Fixed> m_fixed{};
    QMap<QString, QString> m_origins{};
};

} // namespace gatehouse::admin
