#include "widgets/clipboard.h"

#include <QApplication>
#include <QClipboard>
#include <QMimeData>
#include <QPointer>
#include <QTimer>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

std::chrono::milliseconds presentLifetime = std::chrono::seconds(30);

// Takes the secret that was copied last off the clipboard when its time is up, or the program ends.
class SecretOnClipboard : public QObject
{
public:
    static SecretOnClipboard &instance()
    {
        static QPointer<SecretOnClipboard> only;
        if (!only)
            only = new SecretOnClipboard;
        return *only;
    }

    void keep(const QString &text, std::chrono::milliseconds lifetime)
    {
        m_text = text;
        m_timer.start(lifetime);
    }
    void forget()
    {
        m_timer.stop();
        m_text.clear();
    }

private:
    SecretOnClipboard()
        : QObject(QCoreApplication::instance())
    {
        m_timer.setSingleShot(true);
        connect(&m_timer, &QTimer::timeout, this, &SecretOnClipboard::remove);
        connect(QCoreApplication::instance(),
                &QCoreApplication::aboutToQuit,
                this,
                &SecretOnClipboard::remove);
    }

    void remove()
    {
        m_timer.stop();
        QClipboard *clipboard = QApplication::clipboard();
        if (!m_text.isEmpty() && clipboard->text() == m_text)
            clipboard->clear();
        m_text.clear();
    }

    QTimer m_timer;
    QString m_text;
};

} // namespace

void copyText(const QString &text)
{
    QApplication::clipboard()->setText(text);
}

void copySecret(const base::Secret &secret, std::chrono::milliseconds lifetime)
{
    QClipboard *clipboard = QApplication::clipboard();
    const QString text = QString::fromUtf8(secret.reveal());
    auto *data = new QMimeData;
    data->setText(text);
    // What managers of clipboards look for on Linux, macOS and Windows.
    data->setData(u"x-kde-passwordManagerHint"_s, "secret");
    data->setData(u"application/x-nspasteboard-concealed-type"_s, text.toUtf8());
    data->setData(u"ExcludeClipboardContentFromMonitorProcessing"_s, "1");
    clipboard->setMimeData(data);
    if (lifetime > std::chrono::milliseconds::zero())
        SecretOnClipboard::instance().keep(text, lifetime);
    else
        SecretOnClipboard::instance().forget();
}

void copySecret(const base::Secret &secret)
{
    copySecret(secret, secretLifetime());
}

void setSecretLifetime(std::chrono::milliseconds lifetime)
{
    presentLifetime = lifetime;
}

std::chrono::milliseconds secretLifetime()
{
    return presentLifetime;
}

} // namespace gatehouse::ui
