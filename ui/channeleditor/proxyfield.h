#pragma once

#include <QLineEdit>

namespace gatehouse::ui {

// The address of a proxy. User name and password of one that is stored are hidden until they are
// revealed; they stay unless another address is entered.
class ProxyField : public QLineEdit
{
    Q_OBJECT

public:
    explicit ProxyField(QWidget *parent = nullptr);

    QString proxy() const;
    void setProxy(const QString &proxy);

protected:
    void changeEvent(QEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;

private:
    bool hidesAccess() const { return !m_whole.isEmpty() && text() == m_shown; }
    void reveal();
    void review();

    QAction *m_reveal = nullptr;
    QString m_whole{}; // empty: nothing is hidden
    QString m_shown{};
};

} // namespace gatehouse::ui
