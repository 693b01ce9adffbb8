#include "inspector/replaytab.h"

#include "admin/administration.h"
#include "admin/flow.h"
#include "admin/gateway/gatewaycontrol.h"
#include "theme/icons.h"
#include "theme/style.h"
#include "theme/theme.h"
#include "widgets/clipboard.h"
#include "widgets/secondarylabel.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QPlainTextEdit>
#include <QPushButton>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

constexpr qsizetype shownOfCommand = 20'000;

} // namespace

ReplayTab::ReplayTab(const Services &services, QWidget *parent)
    : CaptureTab(services, parent)
    , m_address(new QComboBox(this))
    , m_copy(new QPushButton(this))
    , m_text(new QPlainTextEdit(this))
    , m_hint(new SecondaryLabel(TextRole::Small, this))
    , m_to(new SecondaryLabel(TextRole::Small, this))
{
    setSmall(m_address);
    m_address->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_address->setMinimumContentsLength(22);
    m_to->setBuddy(m_address);
    m_copy->setIcon(icon(u"copy"));
    m_copy->setAutoDefault(false);
    setSmall(m_copy);
    m_text->setReadOnly(true);
    m_text->setFrameShape(QFrame::NoFrame);
    m_text->setWordWrapMode(QTextOption::WrapAnywhere);
    m_text->setTabChangesFocus(true);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_text->setFont(Theme::font(TextRole::Fixed));
    m_text->document()->setDocumentMargin(Theme::px(8));
    m_hint->setWordWrap(true);
    auto *bar = new QHBoxLayout;
    bar->setContentsMargins(Theme::px(12), Theme::px(6), Theme::px(12), Theme::px(6));
    bar->setSpacing(Theme::px(8));
    bar->addWidget(m_to);
    bar->addWidget(m_address);
    bar->addWidget(m_copy);
    bar->addStretch(1);
    m_hint->setContentsMargins(Theme::px(12), Theme::px(4), Theme::px(12), Theme::px(6));
    content()->addLayout(bar);
    content()->addWidget(m_text, 1);
    content()->addWidget(m_hint);
    connect(m_copy, &QPushButton::clicked, this, [this] {
        copyText(m_command);
        emit noticeRaised([] { return tr("The command is in the clipboard."); });
    });
    connect(m_address, &QComboBox::activated, this, [this] { read(); });
    texts().add([this] {
        m_to->setText(tr("Send to"));
        m_copy->setText(tr("Copy as cURL"));
        m_text->setAccessibleName(tr("Command"));
        m_address->setAccessibleName(tr("Address of the gateway"));
        m_hint->setText(tr("Set the variable API_KEY to a token of this gateway first. The request "
                           "is sent anew, and costs what it costs."));
    });
}

QString ReplayTab::title() const
{
    return tr("Replay");
}

// The person's choice stays as long as it is an address.
void ReplayTab::fillAddresses()
{
    const QString chosen = m_address->currentText();
    QStringList urls;
    for (const admin::GatewayAddress &address : services().gateway.addresses())
        urls.append(address.url);
    if (urls.isEmpty())
        urls = services().gateway.urls();
    if (urls.isEmpty())
        urls.append(u"http://127.0.0.1:3000"_s);
    m_address->clear();
    m_address->addItems(urls);
    m_address->setCurrentIndex(std::max<int>(0, static_cast<int>(urls.indexOf(chosen))));
}

void ReplayTab::read()
{
    fillAddresses();
    setBusy(true);
    const int asked = ++m_asked;
    admin::whenDone(
        services().administration.captures.curl(record().requestId, m_address->currentText()),
        this,
        [this, asked, of = generation()](const base::Result<QString> &command) {
            if (asked != m_asked || of != generation())
                return;
            if (!command) {
                m_command.clear();
                showText(command.error().message.translated());
                return;
            }
            m_command = *command;
            const bool isLong = m_command.size() > shownOfCommand;
            m_text->setPlainText(isLong ? m_command.left(shownOfCommand) + u" …"_s : m_command);
            showContent();
        });
}

} // namespace gatehouse::ui
