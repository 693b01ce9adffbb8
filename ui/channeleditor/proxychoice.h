#pragma once

#include <QComboBox>

namespace gatehouse::ui {

// Which proxy a channel goes through: that of the environment, none or one of its own, whose address stands
// in a field beside it.
class ProxyChoice : public QComboBox
{
    Q_OBJECT

public:
    explicit ProxyChoice(QWidget *parent = nullptr);

    // For several channels that differ; chosen until another one is.
    void addMixed();
    // `proxy` as Channel::proxy has it.
    void setProxy(const QString &proxy);
    // The same, with the address that stands in the field.
    QString proxy(const QString &address) const;
    bool isMixed() const;
    bool needsAddress() const;

private:
    enum Choice { Mixed, System, None, Own };

    void choose(Choice choice);
};

} // namespace gatehouse::ui
