#pragma once

#include "admin/foundation.h"

#include <QObject>

#include <vector>

namespace gatehouse::admin {

// One setting as it stands.
struct SettingView
{
    QString key{};
    QString oneApiKey{}; // empty: One API has none
    QString value{};     // in force
    QString description{};
    bool fromEnvironment = false; // a stored value has no effect
};

// The settings. Lives in the main thread.
class SettingsService : public QObject
{
    Q_OBJECT

public:
    explicit SettingsService(const Foundation &foundation, QObject *parent = nullptr);

    std::vector<SettingView> all() const;
    // The settings in force; the defaults until a catalog was published.
    domain::Settings current() const;

    // By its own or One API's key. Checked, stored and in force when it is answered.
    Answer<> set(const QString &key, const QString &value);
    // Back to the default.
    Answer<> reset(const QString &key);

    // Options that mean nothing to this program and are kept for the tools that store them.
    Answer<QMap<QString, QString>> foreign();
    Answer<> setForeign(const QString &key, const QString &value);

private:
    const Foundation m_base;
};

} // namespace gatehouse::admin
