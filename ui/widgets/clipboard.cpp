#include "widgets/clipboard.h"

#include <QApplication>
#include <QClipboard>
#include <QMimeData>
#include <QTimer>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

std::chrono::milliseconds presentLifetime = std::chrono::seconds(30);

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
    if (lifetime <= std::chrono::milliseconds::zero())
        return;
    QTimer::singleShot(lifetime, clipboard, [clipboard, text] {
        if (clipboard->text() == text)
            clipboard->clear();
    });
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
