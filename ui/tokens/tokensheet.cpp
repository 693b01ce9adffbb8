#include "tokens/tokensheet.h"

#include "admin/administration.h"
#include "admin/gateway/gatewaycontrol.h"
#include "theme/icons.h"
#include "theme/theme.h"
#include "tokens/tokencolumns.h"
#include "widgets/budgettext.h"
#include "widgets/clientsnippets.h"
#include "widgets/clipboard.h"
#include "widgets/dialogs/dialogfooter.h"
#include "widgets/dialogs/dialoglayout.h"
#include "widgets/fields/form.h"
#include "widgets/fields/shownsecret.h"
#include "widgets/format.h"
#include "widgets/qrcode.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDir>
#include <QFileDialog>
#include <QKeyEvent>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QSaveFile>
#include <QVBoxLayout>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

constexpr std::chrono::seconds codeLifetime(60);

QLabel *makeLabel(const QString &text, TextRole role, QWidget *parent)
{
    auto *label = new QLabel(text, parent);
    label->setTextFormat(Qt::PlainText);
    label->setFont(Theme::font(role));
    label->setWordWrap(true);
    return label;
}

// "$10.00 a month, warns at 80 %"
QString budgetFact(const domain::Token &token)
{
    if (token.unlimited)
        return budgetOf(token).period;
    const domain::Budget &given = token.budget;
    QString text =
        Format::money(given.isPeriodic() ? std::max(given.limit, token.balance) : token.balance);
    if (given.isPeriodic())
        text = TokenSheet::tr("%1 %2", "amount, a month")
                   .arg(text, BudgetText::period(given, token.balance));
    if (given.warning > 0)
        text = TokenSheet::tr("%1, warns at %2 %").arg(text).arg(given.warning);
    return text;
}

// By their names, unless they are too many for one fact.
QString modelsFact(const domain::Token &token)
{
    constexpr qsizetype most = 5;
    return token.models.isEmpty() || token.models.size() > most ? modelsText(token)
                                                                : Format::list(token.models);
}

} // namespace

TokenSheet::TokenSheet(const Services &services,
                       const domain::Token &token,
                       Reason reason,
                       QWidget *parent)
    : QDialog(parent)
    , m_services(services)
    , m_token(token)
    , m_key(base::Secret("sk-" + token.key.reveal()))
{
    setWindowTitle(titleFor(reason));
    build(reason);
    showCode();
    m_hideTimer.setSingleShot(true);
    m_hideTimer.setInterval(codeLifetime);
    connect(&m_hideTimer, &QTimer::timeout, this, &TokenSheet::hideCode);
    m_hideTimer.start();
    m_field->setFocus();
    m_field->selectAll();
}

QString TokenSheet::titleFor(Reason reason)
{
    switch (reason) {
    case Reason::Created:
        return tr("Token created");
    case Reason::Rotated:
        return tr("Token rotated");
    case Reason::Shown:
        return tr("Key of a token");
    }
    return {};
}

QString TokenSheet::adviceFor(Reason reason) const
{
    const bool isKept = m_services.administration.foundation.keepsKeys();
    switch (reason) {
    case Reason::Created:
        return isKept ? tr("Copy the key now. In lists it is shown only by its ends.")
                      : tr("Copy the key now. Only its fingerprint is kept; later you can only "
                           "make a new one.");
    case Reason::Rotated:
        return isKept ? tr("Copy the new key now; programs need it in place of the former one.")
                      : tr("Copy the new key now; programs need it in place of the former one. "
                           "Only its fingerprint is kept.");
    case Reason::Shown:
        return tr("Whoever has this key can spend the budget of the token.");
    }
    return {};
}

void TokenSheet::build(Reason reason)
{
    m_field = new ShownSecret(this);
    m_field->setText(QString::fromLatin1(m_key.reveal()));
    m_field->setCopying([this](const base::Secret &secret) { copy(secret); });
    m_field->setFont(Theme::font(TextRole::Fixed));
    m_field->setAccessibleName(tr("Key"));
    m_copy = new QPushButton(icon(u"copy"_s, IconColor::OnAccent), tr("Copy"), this);
    m_copy->setDefault(true);
    m_copy->setAutoDefault(false); // Enter on it is a second step, too
    connect(m_copy, &QPushButton::clicked, this, &TokenSheet::copyKey);
    m_code = new QrCode(this);
    m_code->setFixedSize(Theme::px(184), Theme::px(184));
    m_code->setAccessibleName(tr("QR code with the address and the key"));

    auto *keyLine = new QHBoxLayout;
    keyLine->setSpacing(Theme::px(8));
    keyLine->addWidget(m_field, 1);
    keyLine->addWidget(m_copy);
    auto *facts = new QVBoxLayout;
    facts->addWidget(makeFacts());
    facts->addWidget(makeTools());
    facts->addWidget(
        makeLabel(tr("Whoever scans this code can spend the budget. It is hidden after %n seconds.",
                     nullptr,
                     static_cast<int>(codeLifetime.count())),
                  TextRole::Small,
                  this));
    facts->addStretch(1);
    auto *body = new QHBoxLayout;
    body->setSpacing(Theme::px(20));
    body->addWidget(m_code, 0, Qt::AlignTop);
    body->addLayout(facts, 1);

    auto *footer = new DialogFooter(this);
    const auto seconds = static_cast<int>(secretLifetime().count() / 1000);
    m_forget = new QCheckBox(tr("Clear the clipboard after %1 s").arg(seconds), this);
    m_forget->setChecked(seconds > 0);
    m_forget->setVisible(seconds > 0);
    footer->addLeft(m_forget);
    m_hide = footer->addButton(tr("Hide code now"), QDialogButtonBox::ActionRole);
    m_done = footer->addButton(reason == Reason::Shown ? tr("Close") : tr("I have saved it"),
                               QDialogButtonBox::AcceptRole);
    connect(m_hide, &QPushButton::clicked, this, &TokenSheet::hideCode);
    connect(footer, &DialogFooter::accepted, this, &QDialog::accept);

    QVBoxLayout *content = layOut(this, footer);
    content->setSpacing(Theme::px(10));
    content->addWidget(makeLabel(m_token.name, TextRole::Heading, this));
    content->addWidget(makeLabel(adviceFor(reason), TextRole::Small, this));
    content->addLayout(keyLine);
    content->addSpacing(Theme::px(6));
    content->addLayout(body);
    m_outcome = makeLabel(QString(), TextRole::Body, this);
    m_outcome->hide();
    content->addWidget(m_outcome);
    const int width = Theme::px(640);
    resize(width, qMax(Theme::px(400), layout()->totalHeightForWidth(width)));
}

QWidget *TokenSheet::makeFacts()
{
    auto *form = new Form(this);
    m_address = new QComboBox(this);
    m_address->setMinimumHeight(Theme::px(24));
    for (const admin::GatewayAddress &each : m_services.gateway.addresses())
        m_address->addItem(each.url);
    connect(m_address, &QComboBox::currentIndexChanged, this, [this] {
        if (!m_code->isEmpty())
            showCode();
    });
    form->addField(m_address, [] { return tr("Address"); });
    const auto addFact = [&](const QString &text, Form::Text label) {
        QLabel *value = makeLabel(text, TextRole::Body, this);
        // On a line with its label, which the form moves down to the text of a field.
        const int above = (Theme::px(28) - value->fontMetrics().height()) / 2;
        value->setContentsMargins(0, above, 0, 0);
        form->addField(value, std::move(label));
    };
    addFact(budgetFact(m_token), [] { return tr("Budget"); });
    addFact(modelsFact(m_token), [] { return tr("Models"); });
    addFact(expiryText(m_token, QDateTime::currentDateTime()), [] { return tr("Expires"); });
    addFact(networksText(m_token), [] { return tr("From"); });
    if (isInGrace(m_token))
        addFact(formerKeyText(m_token), [] { return tr("Former key"); });
    return form;
}

QWidget *TokenSheet::makeTools()
{
    auto *tools = new QWidget(this);
    m_save = new QPushButton(icon(u"file-text"_s), tr("Save as .env…"), tools);
    auto *copyAs = new QPushButton(icon(u"terminal"_s), tr("Copy as"), tools);
    auto *menu = new QMenu(copyAs);
    for (const ClientSnippet &snippet : clientSnippets()) {
        menu->addAction(snippet.title, this, [this, text = snippet.text] { copySnippet(text); });
    }
    copyAs->setMenu(menu);
    // The focus on them must not take the place of the default button, nor its color.
    for (QPushButton *button : {m_save, copyAs})
        button->setAutoDefault(false);
    connect(m_save, &QPushButton::clicked, this, &TokenSheet::saveEnvironment);
    auto *layout = new QHBoxLayout(tools);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(Theme::px(8));
    layout->addWidget(m_save);
    layout->addWidget(copyAs);
    layout->addStretch(1);
    return tools;
}

QString TokenSheet::url() const
{
    return m_address->currentText();
}

void TokenSheet::copyKey()
{
    copy(m_key);
}

void TokenSheet::copy(const base::Secret &secret)
{
    copySecret(secret, m_forget->isChecked() ? secretLifetime() : std::chrono::milliseconds(0));
    offerToFinish(m_copy);
}

// Until then Enter copies, so that no key is lost by a key pressed once too often.
void TokenSheet::offerToFinish(QPushButton *used)
{
    if (m_copy->isDefault())
        m_copy->setIcon(icon(u"copy"_s)); // not on the accent any more
    m_done->setDefault(true);
    used->setIcon(icon(u"circle-check"_s, IconColor::Good));
}

// A key that is held down copies and does no more.
void TokenSheet::keyPressEvent(QKeyEvent *event)
{
    const bool enter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (!enter || !event->isAutoRepeat())
        QDialog::keyPressEvent(event);
}

void TokenSheet::copySnippet(const QString &text)
{
    copy(base::Secret(filledSnippet(text, url(), m_key).toUtf8()));
}

void TokenSheet::showCode()
{
    m_code->setContent(base::Secret(
        filledSnippet(u"{\"base_url\":\"$URL/v1\",\"api_key\":\"$KEY\"}"_s, url(), m_key)
            .toUtf8()));
}

void TokenSheet::hideCode()
{
    m_code->clear();
    m_hide->setEnabled(false);
}

// The file is readable by its owner alone, and appears when it is whole.
void TokenSheet::saveEnvironment()
{
    auto *chooser = new QFileDialog(
        this, tr("Save as .env"), QDir::homePath(), tr("Environment files (*.env)"));
    chooser->setAttribute(Qt::WA_DeleteOnClose);
    chooser->setAcceptMode(QFileDialog::AcceptSave);
    chooser->selectFile(u"gatehouse.env"_s);
    connect(chooser, &QFileDialog::fileSelected, this, [this](const QString &path) {
        QSaveFile file(path);
        const QByteArray text =
            filledSnippet(u"OPENAI_BASE_URL=$URL/v1\nOPENAI_API_KEY=$KEY\n"
                          "ANTHROPIC_BASE_URL=$URL\nANTHROPIC_AUTH_TOKEN=$KEY\n"_s,
                          url(),
                          m_key)
                .toUtf8();
        const bool written = file.open(QIODevice::WriteOnly)
                             && file.setPermissions(QFile::ReadOwner | QFile::WriteOwner)
                             && file.write(text) == text.size() && file.commit();
        if (written)
            offerToFinish(m_save);
        m_outcome->setText(written
                               ? tr("Saved to %1").arg(QDir::toNativeSeparators(path))
                               : tr("The file could not be written: %1").arg(file.errorString()));
        m_outcome->show();
    });
    chooser->open();
}

} // namespace gatehouse::ui
