#pragma once

#include <QByteArray>
#include <QHash>
#include <QObject>
#include <QSettings>
#include <QVariant>

namespace gatehouse::ui {

// What the window remembers of itself: geometry, splitters, columns, filters, language, theme, "don't
// ask again". Nothing that the gateway needs. An INI file of its own; lives in the main thread.
class UiState : public QObject
{
    Q_OBJECT

public:
    explicit UiState(const QString &path, QObject *parent = nullptr);

    QVariant value(const QString &key, const QVariant &fallback = {}) const;
    void setValue(const QString &key, const QVariant &value);
    void remove(const QString &key);

    // This start was told to use `value`, by `origin`, such as a variable of the environment. It is not
    // stored, and cannot be changed.
    void fix(const QString &key, const QVariant &value, const QString &origin);
    // Empty: the value is not fixed.
    QString originOf(const QString &key) const { return m_fixed.value(key).origin; }

    // A state of Qt's, such as of a header: empty unless it was saved with the same `version`.
    QByteArray layout(const QString &key, int version) const;
    void setLayout(const QString &key, int version, const QByteArray &layout);

    // Writes what is pending to the file; happens by itself now and then and at the end.
    void sync();

signals:
    void changed(const QString &key);

private:
    struct Fixed
    {
        QVariant value{};
        QString origin{};
    };

    QSettings m_settings;
    QHash<QString, Fixed> m_fixed{};
};

} // namespace gatehouse::ui
