#include "settings/factsblock.h"

#include "base/redaction.h"
#include "theme/icons.h"
#include "theme/theme.h"
#include "widgets/clipboard.h"
#include "widgets/dialogs/licencesdialog.h"
#include "widgets/flowlayout.h"
#include "widgets/translated.h"

#include <QCoreApplication>
#include <QDesktopServices>
#include <QDir>
#include <QFileInfo>
#include <QGuiApplication>
#include <QPushButton>
#include <QScreen>
#include <QSysInfo>
#include <QUrl>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

FactsBlock::FactsBlock(SettingsStore &store, QWidget *parent)
    : SettingsBlock(parent)
    , m_copy(new QPushButton(this))
    , m_folder(new QPushButton(this))
    , m_logFolder(new QPushButton(this))
    , m_licences(new QPushButton(this))
{
    addFact([] { return tr("Version"); },
            u"Gatehouse %1"_s.arg(QCoreApplication::applicationVersion()));
    addFact([] { return tr("Built with"); }, u"Qt %1"_s.arg(QString::fromLatin1(qVersion())));
    addFact([] { return tr("System"); },
            u"%1, %2"_s.arg(QSysInfo::prettyProductName(), QSysInfo::currentCpuArchitecture()));
    const QString directory = store.hooks().dataDirectory;
    if (!directory.isEmpty())
        addFact([] { return tr("Data"); }, QDir::toNativeSeparators(directory), true);
    const QString logFile = store.hooks().logFile;
    if (!logFile.isEmpty())
        addFact([] { return tr("Log"); }, QDir::toNativeSeparators(logFile), true);
    addFact([] { return tr("Licence"); }, u"GPL-3.0-or-later"_s);
    auto *buttons = new QWidget(this);
    auto *line = new FlowLayout(buttons);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(Theme::px(8));
    line->addWidget(m_copy);
    line->addWidget(m_folder);
    line->addWidget(m_logFolder);
    line->addWidget(m_licences);
    m_copy->setIcon(icon(u"copy"_s));
    m_folder->setIcon(icon(u"folder-open"_s));
    m_folder->setVisible(!directory.isEmpty());
    m_logFolder->setIcon(icon(u"folder-open"_s));
    m_logFolder->setVisible(!logFile.isEmpty());
    addLine({}, buttons);
    connect(m_copy, &QPushButton::clicked, this, [this] {
        copyText(diagnostics());
        emit noticeRaised([] { return tr("Copied the diagnostics"); });
    });
    connect(m_folder, &QPushButton::clicked, this, [directory] {
        QDesktopServices::openUrl(QUrl::fromLocalFile(directory));
    });
    connect(m_logFolder, &QPushButton::clicked, this, [this, logFile] {
        // It is made with the first line; it may lie where nothing can be written.
        const QString folder = QFileInfo(logFile).absolutePath();
        if (QFileInfo::exists(folder))
            QDesktopServices::openUrl(QUrl::fromLocalFile(folder));
        else
            emit noticeRaised([] { return tr("There is no log yet"); });
    });
    connect(m_licences, &QPushButton::clicked, this, [this] {
        auto *dialog = new LicencesDialog(this);
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->open();
    });
    (new Translated(this))->add([this] {
        m_copy->setText(tr("Copy diagnostics"));
        m_folder->setText(tr("Open the data folder"));
        m_logFolder->setText(tr("Open the log folder"));
        m_licences->setText(tr("Licences…"));
    });
}

void FactsBlock::addFact(std::function<QString()> label, const QString &text, bool fixed)
{
    m_facts.append({label(), text});
    SecondaryLabel *value = makeText(fixed ? TextRole::Fixed : TextRole::Body);
    value->setPlain(true);
    value->setText(text);
    value->setTextInteractionFlags(Qt::TextSelectableByMouse);
    addLine(std::move(label), value, false);
}

// The home folder is the account's name.
QString FactsBlock::diagnostics() const
{
    QStringList lines;
    for (const auto &[label, text] : m_facts)
        lines.append(u"%1: %2"_s.arg(label, QString(text).replace(QDir::homePath(), u"~"_s)));
    lines.append(u"Platform: "_s + QGuiApplication::platformName());
    lines.append(u"Language: "_s + QLocale().name());
    for (const QScreen *screen : QGuiApplication::screens()) {
        lines.append(u"Screen: %1 x %2, scale %3"_s.arg(screen->size().width())
                         .arg(screen->size().height())
                         .arg(screen->devicePixelRatio()));
    }
    for (QString &line : lines)
        line = base::redacted(line);
    return lines.join(u'\n');
}

} // namespace gatehouse::ui
