#include "frame/aboutdialog.h"

#include "theme/mark.h"
#include "theme/theme.h"
#include "widgets/dialogs/licencesdialog.h"

#include <QClipboard>
#include <QCoreApplication>
#include <QDialogButtonBox>
#include <QGuiApplication>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QScreen>
#include <QSysInfo>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

QLabel *makeText(const QString &text, TextRole role, QWidget *parent)
{
    auto *label = new QLabel(text, parent);
    label->setTextFormat(Qt::PlainText);
    label->setFont(Theme::font(role));
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    label->setFocusPolicy(Qt::NoFocus);
    return label;
}

} // namespace

AboutDialog::AboutDialog(QWidget *parent)
    : QDialog(parent)
{
    setWindowTitle(tr("About Gatehouse"));
    auto *mark = new QLabel(this);
    mark->setPixmap(applicationIcon().pixmap(Theme::px(64)));
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    QPushButton *copy = buttons->addButton(tr("Copy diagnostics"), QDialogButtonBox::ActionRole);
    connect(copy, &QPushButton::clicked, this, [] {
        QGuiApplication::clipboard()->setText(diagnostics());
    });
    QPushButton *licences = buttons->addButton(tr("Licences…"), QDialogButtonBox::ActionRole);
    connect(licences, &QPushButton::clicked, this, [this] {
        auto *dialog = new LicencesDialog(this);
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->open();
    });
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);

    auto *layout = new QVBoxLayout(this);
    const int margin = Theme::px(20);
    layout->setContentsMargins(margin, margin, margin, margin);
    layout->setSpacing(Theme::px(10));
    layout->addWidget(mark);
    layout->addWidget(makeText(
        u"Gatehouse %1"_s.arg(QCoreApplication::applicationVersion()), TextRole::PageTitle, this));
    layout->addWidget(makeText(tr("One endpoint for every language model."), TextRole::Body, this));
    layout->addWidget(makeText(tr("Free software under the GNU General Public License, version 3 "
                                  "or later. It comes without any warranty."),
                               TextRole::Small,
                               this));
    layout->addWidget(
        makeText(tr("Made with Qt %1, QCustomPlot, Botan, Boost, simdjson, SQLite, "
                    "QtKeychain, libqrencode, yaml-cpp, zlib and zstd. Icons by Lucide. "
                    "Prices from genai-prices, what models can do from LiteLLM, token tables "
                    "from tiktoken.")
                     .arg(QString::fromLatin1(qVersion())),
                 TextRole::Small,
                 this));
    layout->addStretch(1);
    layout->addWidget(buttons);
    setFixedWidth(Theme::px(440));
}

QString AboutDialog::diagnostics()
{
    QStringList lines{u"Gatehouse "_s + QCoreApplication::applicationVersion(),
                      u"Qt "_s + QString::fromLatin1(qVersion()),
                      QSysInfo::prettyProductName() + u", "_s + QSysInfo::kernelType() + u' '
                          + QSysInfo::kernelVersion() + u", "_s
                          + QSysInfo::currentCpuArchitecture(),
                      u"Platform: "_s + QGuiApplication::platformName(),
                      u"Language: "_s + QLocale().name(),
                      u"Dark: %1"_s.arg(Theme::isDark() ? u"yes"_s : u"no"_s)};
    for (const QScreen *screen : QGuiApplication::screens()) {
        lines.append(u"Screen: %1 x %2, scale %3"_s.arg(screen->size().width())
                         .arg(screen->size().height())
                         .arg(screen->devicePixelRatio()));
    }
    return lines.join(u'\n');
}

} // namespace gatehouse::ui
