#include "settings/receiverblock.h"

#include "admin/administration.h"
#include "admin/flow.h"
#include "theme/theme.h"
#include "widgets/fields/secretfield.h"
#include "widgets/translated.h"

#include <QHBoxLayout>
#include <QPushButton>
#include <QVBoxLayout>

#include <utility>

namespace gatehouse::ui {

ReceiverBlock::ReceiverBlock(const Services &services,
                             QString addressKey,
                             admin::IntegrationSecret secret,
                             int longest,
                             QWidget *parent)
    : SettingsBlock(parent)
    , m_services(services)
    , m_addressKey(std::move(addressKey))
    , m_which(secret)
    , m_secret(new SecretField(this))
    , m_save(new QPushButton(this))
    , m_remove(new QPushButton(this))
    , m_test(new QPushButton(this))
    , m_note(makeText())
    , m_result(makeText())
{
    m_secret->setMaxLength(longest);
}

void ReceiverBlock::begin()
{
    build();
    connect(m_secret, &QLineEdit::textChanged, this, &ReceiverBlock::refresh);
    connect(m_secret, &QLineEdit::returnPressed, m_save, &QPushButton::click);
    connect(m_save, &QPushButton::clicked, this, [this] { store(m_secret->secret()); });
    connect(m_remove, &QPushButton::clicked, this, [this] { store({}); });
    connect(m_test, &QPushButton::clicked, this, &ReceiverBlock::sendTest);
    connect(&m_services.administration.integrationSecrets,
            &admin::IntegrationSecrets::changed,
            this,
            &ReceiverBlock::refresh);
    connect(&m_services.administration.publisher,
            &admin::CatalogPublisher::catalogChanged,
            this,
            &ReceiverBlock::refresh);
    (new Translated(this))->add([this] { refresh(); });
}

void ReceiverBlock::notePending(const QString &key, bool pending)
{
    if (key != m_addressKey)
        return;
    m_isAddressPending = pending;
    if (pending)
        m_outcome = {}; // which was that of another address
    refresh();
}

void ReceiverBlock::build()
{
    const auto stackIn = [](QWidget *whole) {
        auto *stack = new QVBoxLayout(whole);
        stack->setContentsMargins(0, 0, 0, 0);
        stack->setSpacing(Theme::px(3));
        return stack;
    };
    for (QPushButton *button : {m_save, m_remove, m_test})
        button->setAutoDefault(false);
    auto *line = new QHBoxLayout;
    line->setSpacing(Theme::px(8));
    line->addWidget(m_secret, 1);
    line->addWidget(m_save);
    line->addWidget(m_remove);
    auto *secret = new QWidget(this);
    auto *secretStack = stackIn(secret);
    secretStack->addLayout(line);
    secretStack->addWidget(m_note);
    addLine([this] { return words(false).label; }, secret);
    auto *test = new QWidget(this);
    auto *testStack = stackIn(test);
    testStack->addWidget(m_test, 0, Qt::AlignLeft);
    testStack->addWidget(m_result);
    addLine([] { return tr("Try it"); }, test);
}

void ReceiverBlock::refresh()
{
    const admin::IntegrationSecrets &secrets = m_services.administration.integrationSecrets;
    const bool isSet = !secrets.value(m_which).isEmpty();
    const QString variable = secrets.variable(m_which);
    const bool isFree = variable.isEmpty();
    const Words words = this->words(isSet);
    keepFocus(isSet);
    m_secret->setAccessibleName(words.name);
    m_secret->setPlaceholderText(isSet ? words.present : QString());
    m_secret->setEnabled(isFree);
    m_save->setText(tr("Save"));
    m_save->setAccessibleName(words.save);
    m_save->setEnabled(isFree && !m_secret->text().isEmpty());
    m_remove->setText(tr("Remove"));
    m_remove->setAccessibleName(words.remove);
    m_remove->setEnabled(isFree && isSet);
    m_note->setText(
        isFree
            ? words.note
            : tr("Set by %1 when Gatehouse was started; it cannot be changed here.").arg(variable));
    m_test->setText(tr("Send a test"));
    m_test->setAccessibleName(words.test);
    m_test->setEnabled(!address().isEmpty() && !m_isAddressPending && m_secret->text().isEmpty()
                       && hindrance().isEmpty());
    showResult(words);
}

void ReceiverBlock::showResult(const Words &words)
{
    const QString hint = hintText(words);
    const bool isOutcome = hint.isEmpty() && m_outcome;
    m_result->setTone(isOutcome && m_hasFailed ? std::optional(Tone::Failure) : std::nullopt);
    m_result->setText(isOutcome ? m_outcome() : hint);
}

// A button that is about to be disabled would hand the focus on to the next one.
void ReceiverBlock::keepFocus(bool isSet)
{
    const bool isSaved = m_save->hasFocus() && m_secret->text().isEmpty();
    const bool isRemoved = m_remove->hasFocus() && !isSet;
    if (isSaved || isRemoved)
        m_secret->setFocus(Qt::OtherFocusReason);
}

// What stands in place of the outcome of a test; empty: nothing does.
QString ReceiverBlock::hintText(const Words &words) const
{
    if (QString why = hindrance(); !why.isEmpty())
        return why;
    if (m_isTesting)
        return tr("Waiting for an answer…");
    if (m_isAddressPending)
        return tr("The address above is not stored: correct it, or press Enter in its field.");
    if (address().isEmpty())
        return tr("Enter an address first.");
    if (!m_secret->text().isEmpty())
        return words.unsaved;
    return {};
}

void ReceiverBlock::store(const base::Secret &secret)
{
    admin::whenDone(m_services.administration.integrationSecrets.store(m_which, secret),
                    this,
                    [this](const base::Result<> &outcome) {
                        emit failed(outcome ? LiveText() : outcome.error().message);
                        if (!outcome)
                            return;
                        m_secret->clear();
                        m_secret->setRevealed(false);
                        emit noticeRaised(storedText());
                    });
}

void ReceiverBlock::sendTest()
{
    if (m_isTesting) // the button stays enabled, and so keeps the focus
        return;
    m_isTesting = true;
    refresh();
    send(placeOf(address()));
}

void ReceiverBlock::finishTest(Outcome outcome)
{
    m_isTesting = false;
    m_hasFailed = false;
    m_outcome = std::move(outcome);
    refresh();
}

void ReceiverBlock::finishFailedTest(Outcome outcome)
{
    m_isTesting = false;
    m_hasFailed = true;
    m_outcome = std::move(outcome);
    refresh();
}

QString ReceiverBlock::failureText(const QString &place, const QString &message)
{
    const QString host = place.section(u':', 0, -2).remove(u'[').remove(u']');
    if (!host.isEmpty() && message.contains(host))
        return message;
    return tr("%1: %2", "a host, what went wrong there").arg(place, message);
}

} // namespace gatehouse::ui
