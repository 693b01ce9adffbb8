#include "widgets/uistate.h"

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

UiState::UiState(const QString &path, QObject *parent)
    : QObject(parent)
    , m_settings(path, QSettings::IniFormat)
{}

QVariant UiState::value(const QString &key, const QVariant &fallback) const
{
    const auto fixed = m_fixed.constFind(key);
    return fixed != m_fixed.constEnd() ? fixed->value : m_settings.value(key, fallback);
}

void UiState::setValue(const QString &key, const QVariant &value)
{
    if (m_fixed.contains(key))
        return;
    if (m_settings.contains(key) && m_settings.value(key) == value)
        return;
    m_settings.setValue(key, value);
    emit changed(key);
}

void UiState::remove(const QString &key)
{
    m_settings.remove(key);
    emit changed(key);
}

void UiState::fix(const QString &key, const QVariant &value, const QString &origin)
{
    m_fixed.insert(key, {.value = value, .origin = origin});
}

QByteArray UiState::layout(const QString &key, int version) const
{
    const QString path = u"layout/"_s + key;
    if (m_settings.value(path + u"/version"_s).toInt() != version)
        return {};
    return QByteArray::fromBase64(m_settings.value(path + u"/state"_s).toByteArray());
}

void UiState::setLayout(const QString &key, int version, const QByteArray &layout)
{
    const QString path = u"layout/"_s + key;
    m_settings.setValue(path + u"/version"_s, version);
    m_settings.setValue(path + u"/state"_s, layout.toBase64());
}

void UiState::sync()
{
    m_settings.sync();
}

} // namespace gatehouse::ui
