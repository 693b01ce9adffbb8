#include "settings/certificateblock.h"

#include "admin/administration.h"
#include "admin/flow.h"
#include "admin/gateway/gatewaycontrol.h"
#include "settings/certificatehelp.h"
#include "theme/icons.h"
#include "theme/theme.h"
#include "widgets/fields/copybutton.h"
#include "widgets/format.h"
#include "widgets/translated.h"

#include <QFileDialog>
#include <QHBoxLayout>
#include <QPushButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

using admin::LocalCertificate;
using base::Result;

CertificateBlock::CertificateBlock(const Services &services, QWidget *parent)
    : SettingsBlock(parent)
    , m_services(services)
    , m_make(new QPushButton(this))
    , m_export(new QPushButton(this))
    , m_state(makeText())
    , m_names(makeText())
    , m_expires(makeText())
    , m_fingerprint(makeText(TextRole::Fixed))
    , m_copy(new CopyButton(tr("Copy the fingerprint"), this))
    , m_help(new CertificateHelp(this))
{
    auto *buttons = new QWidget(this);
    auto *line = new QHBoxLayout(buttons);
    line->setContentsMargins(0, 0, 0, 0);
    line->addWidget(m_make);
    line->addWidget(m_export);
    line->addStretch(1);
    m_export->setIcon(icon(u"download"_s));
    auto *whole = new QWidget(this);
    auto *stack = new QVBoxLayout(whole);
    stack->setContentsMargins(0, 0, 0, 0);
    stack->setSpacing(Theme::px(3));
    stack->addWidget(buttons);
    stack->addWidget(m_state);
    stack->addWidget(m_help);
    addLine([] { return tr("Own authority"); }, whole);
    for (SecondaryLabel *label : {m_names, m_expires, m_fingerprint}) {
        label->setPlain(true);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    }
    auto *print = new QWidget(this);
    auto *printLine = new QHBoxLayout(print);
    printLine->setContentsMargins(0, 0, 0, 0);
    printLine->addWidget(m_fingerprint, 1);
    printLine->addWidget(m_copy, 0, Qt::AlignTop);
    m_facts = {addLine([] { return tr("Issued for"); }, m_names, false),
               addLine([] { return tr("Valid until"); }, m_expires, false),
               addLine([] { return tr("Fingerprint"); }, print, false)};
    connect(m_make, &QPushButton::clicked, this, &CertificateBlock::make);
    connect(m_export, &QPushButton::clicked, this, &CertificateBlock::chooseFile);
    connect(&m_services.gateway,
            &admin::GatewayControl::stateChanged,
            this,
            &CertificateBlock::activated);
    (new Translated(this))->add([this] { refresh(); });
}

void CertificateBlock::activated()
{
    admin::whenDone(m_services.administration.certificates.current(),
                    this,
                    [this](const Result<LocalCertificate> &certificate) { show(certificate); });
}

void CertificateBlock::show(const Result<LocalCertificate> &certificate)
{
    m_exists = certificate.has_value();
    m_certificate = certificate.value_or(LocalCertificate{});
    if (!certificate && certificate.error().code != base::ErrorCode::NotFound)
        emit failed(certificate.error().message);
    refresh();
}

void CertificateBlock::refresh()
{
    m_make->setText(tr("Make it now"));
    m_make->setVisible(!m_exists);
    m_export->setText(tr("Export CA certificate…"));
    m_export->setVisible(m_exists);
    m_state->setText(m_exists ? tr("Devices must trust the CA certificate once. Compare the "
                                   "fingerprint when you install it there.")
                              : tr("It is made when HTTPS is first used with it."));
    m_help->setVisible(m_exists);
    for (QWidget *fact : std::as_const(m_facts))
        fact->setVisible(m_exists);
    m_names->setText(m_certificate.names.join(u", "_s));
    m_expires->setText(tr("%1, renewed by itself 30 days before")
                           .arg(Format::day(m_certificate.expires.toLocalTime().date())));
    // Breaks in the middle of its line, between two pairs.
    QString print = m_certificate.authorityFingerprint;
    const qsizetype half = print.indexOf(u':', print.size() / 2);
    m_fingerprint->setText(half < 0 ? print : print.insert(half + 1, u'\n'));
    m_copy->setName(tr("Copy the fingerprint"));
    m_copy->setCopiedText(m_certificate.authorityFingerprint);
}

void CertificateBlock::make()
{
    m_make->setEnabled(false);
    admin::whenDone(
        m_services.administration.certificates.ensure(admin::CertificateService::presentNames()),
        this,
        [this](const Result<LocalCertificate> &certificate) {
            m_make->setEnabled(true);
            show(certificate);
        });
}

void CertificateBlock::chooseFile()
{
    auto *dialog = new QFileDialog(this, tr("Export CA certificate"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setFileMode(QFileDialog::AnyFile);
    dialog->setNameFilters({tr("Certificates (*.pem *.crt)")});
    dialog->setDefaultSuffix(u"pem"_s);
    dialog->selectFile(u"gatehouse-ca.pem"_s);
    connect(dialog, &QFileDialog::fileSelected, this, &CertificateBlock::save);
    dialog->open();
}

void CertificateBlock::save(const QString &path)
{
    admin::whenDone(m_services.administration.certificates.exportAuthority(path),
                    this,
                    [this, path](const Result<> &outcome) {
                        emit failed(outcome ? LiveText() : outcome.error().message);
                        if (outcome)
                            emit noticeRaised([path] { return tr("Exported to %1").arg(path); });
                    });
}

} // namespace gatehouse::ui
