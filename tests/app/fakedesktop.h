#pragma once

#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusVirtualObject>

namespace gatehouse::support {

// A desktop's notification service.
class FakeDesktop final : public QDBusVirtualObject
{
public:
    explicit FakeDesktop(const QString &address)
        : m_bus(QDBusConnection::connectToBus(address, QStringLiteral("desktop")))
    {
        m_bus.registerVirtualObject(path, this);
    }
    ~FakeDesktop() override
    {
        leave();
        m_bus.unregisterObject(path);
        QDBusConnection::disconnectFromBus(QStringLiteral("desktop"));
    }

    bool arrive() { return m_bus.registerService(QStringLiteral("org.freedesktop.Notifications")); }
    void leave() { m_bus.unregisterService(QStringLiteral("org.freedesktop.Notifications")); }

    void emitSignal(const QString &name, const QVariantList &arguments)
    {
        QDBusMessage signal =
            QDBusMessage::createSignal(path, QStringLiteral("org.freedesktop.Notifications"), name);
        signal.setArguments(arguments);
        m_bus.send(signal);
    }

    QString introspect(const QString &) const override { return {}; }

    bool handleMessage(const QDBusMessage &message, const QDBusConnection &bus) override
    {
        if (message.member() == QLatin1StringView("GetCapabilities"))
            return bus.send(message.createReply(capabilities));
        if (message.member() != QLatin1StringView("Notify"))
            return false;
        if (refuses)
            return bus.send(
                message.createErrorReply(QDBusError::LimitsExceeded, QStringLiteral("full")));
        shown.append(message.arguments());
        return bus.send(message.createReply(quint32(shown.size() + 100)));
    }

    QString title(qsizetype index) const { return shown.value(index).value(3).toString(); }
    QString text(qsizetype index) const { return shown.value(index).value(4).toString(); }
    QStringList actions(qsizetype index) const
    {
        return shown.value(index).value(5).toStringList();
    }

    QStringList capabilities{QStringLiteral("body"), QStringLiteral("actions")};
    bool refuses = false;
    QList<QVariantList> shown;

private:
    const QString path = QStringLiteral("/org/freedesktop/Notifications");
    QDBusConnection m_bus;
};

} // namespace gatehouse::support
