#include "frame/lockscreen.h"

#include "admin/administration.h"
#include "admin/flow.h"
#include "theme/icons.h"
#include "theme/theme.h"
#include "widgets/fields/secretfield.h"
#include "widgets/format.h"
#include "widgets/secondarylabel.h"
#include "widgets/translated.h"

#include <QAccessible>
#include <QDir>
#include <QEvent>
#include <QHBoxLayout>
#include <QPushButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

LockScreen::LockScreen(const Services &services, QWidget *parent)
    : QWidget(parent)
    , m_services(services)
    , m_mark(new QLabel(this))
    , m_heading(new SecondaryLabel(TextRole::Heading, this))
    , m_text(new SecondaryLabel(TextRole::Body, this))
    , m_password(new SecretField(this))
    , m_unlock(new QPushButton(this))
    , m_problem(new SecondaryLabel(TextRole::Small, this))
    , m_help(new SecondaryLabel(TextRole::Small, this))
{
    setAutoFillBackground(true);
    setFocusProxy(m_password);
    m_heading->setPlain(true);
    m_problem->setTone(Tone::Failure);
    m_problem->setMinimumHeight(m_problem->sizeHint().height()); // so that nothing moves
    m_help->setTextInteractionFlags(Qt::TextSelectableByMouse);
    for (SecondaryLabel *label : {m_heading, m_text, m_problem, m_help}) {
        label->setAlignment(Qt::AlignCenter);
        label->setWordWrap(true);
    }
    m_unlock->setDefault(true);

    auto *line = new QHBoxLayout;
    line->setSpacing(Theme::px(8));
    line->addWidget(m_password, 1);
    line->addWidget(m_unlock);
    auto *column = new QWidget(this);
    column->setFixedWidth(Theme::px(420));
    auto *stack = new QVBoxLayout(column);
    stack->setContentsMargins(0, 0, 0, 0);
    stack->setSpacing(Theme::px(8));
    stack->addWidget(m_mark, 0, Qt::AlignHCenter);
    stack->addWidget(m_heading);
    stack->addWidget(m_text);
    stack->addSpacing(Theme::px(4));
    stack->addLayout(line);
    stack->addWidget(m_problem);
    stack->addSpacing(Theme::px(12));
    stack->addWidget(m_help);
    auto *whole = new QVBoxLayout(this);
    whole->addStretch(5);
    // Not aligned in `whole`, which would ask for the height at its own width: that of fewer lines.
    auto *middle = new QHBoxLayout;
    middle->addStretch(1);
    middle->addWidget(column);
    middle->addStretch(1);
    whole->addLayout(middle);
    whole->addStretch(6);

    connect(m_password, &QLineEdit::textChanged, this, &LockScreen::review);
    connect(m_password, &QLineEdit::returnPressed, this, &LockScreen::tryPassword);
    connect(m_unlock, &QPushButton::clicked, this, &LockScreen::tryPassword);
    constexpr int second = 1000;
    m_tick.setInterval(second);
    connect(&m_tick, &QTimer::timeout, this, &LockScreen::countDown);
    (new Translated(this))->add([this] { setTexts(); });
    applyLook();
    review();
}

void LockScreen::setTexts()
{
    m_heading->setText(tr("Gatehouse is locked"));
    m_text->setText(
        tr("The gateway goes on. The password of the administrator unlocks the window."));
    m_password->setAccessibleName(tr("Password"));
    m_password->setPlaceholderText(tr("Password"));
    m_unlock->setText(tr("Unlock"));
    QString command = u"gatehouse user set-password "_s + m_services.actor.username;
    if (const QString &directory = m_services.dataDirectory; !directory.isEmpty())
        command += u" --data-dir \"%1\""_s.arg(QDir::toNativeSeparators(directory));
    m_help->setText(
        tr("Forgotten, or never set? A new one can be set in a terminal:\n%1").arg(command));
}

void LockScreen::applyLook()
{
    const int side = Theme::px(emptyStateIcon);
    m_mark->setFixedSize(side, side);
    m_mark->setPixmap(
        iconPixmap(u"lock", side, devicePixelRatioF(), iconColor(IconColor::Secondary)));
}

void LockScreen::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        applyLook();
}

void LockScreen::review()
{
    m_unlock->setEnabled(!m_isAsking && !m_tick.isActive() && !m_password->text().isEmpty());
}

void LockScreen::tryPassword()
{
    if (!m_unlock->isEnabled())
        return;
    m_isAsking = true;
    m_problem->clear();
    m_password->setReadOnly(true);
    review();
    admin::whenDone(m_services.administration.sessions.confirmRoot(m_password->secret()),
                    this,
                    [this](const base::Result<admin::SignIn> &outcome) {
                        m_isAsking = false;
                        m_password->setReadOnly(false);
                        m_password->setFocus(Qt::OtherFocusReason);
                        m_password->selectAll();
                        if (!outcome) {
                            showProblem(outcome.error().message.translated());
                        } else if (outcome->state == admin::SignIn::State::SignedIn) {
                            m_password->clear();
                            emit unlocked();
                            return;
                        } else if (outcome->state == admin::SignIn::State::Throttled) {
                            waitFor(outcome->wait);
                        } else {
                            showProblem(tr("This is not the password of the administrator."));
                        }
                        review();
                    });
}

void LockScreen::waitFor(std::chrono::milliseconds wait)
{
    m_until.setRemainingTime(wait);
    m_tick.start();
    countDown();
}

void LockScreen::countDown()
{
    if (m_until.hasExpired()) {
        m_tick.stop();
        m_problem->clear();
        return review();
    }
    const auto left = std::chrono::ceil<std::chrono::seconds>(m_until.remainingTimeAsDuration());
    constexpr std::chrono::minutes minute(1);
    const QString wait = left < minute ? tr("%1 s").arg(left.count()) : Format::duration(left);
    const QString text = tr("Too many wrong passwords. Try again in %1.").arg(wait);
    if (m_problem->text().isEmpty())
        showProblem(text); // and read it out once, not each second
    else
        m_problem->setText(text);
}

void LockScreen::showProblem(const QString &text)
{
    m_problem->setText(text);
    QAccessibleEvent alert(m_problem, QAccessible::Alert);
    QAccessible::updateAccessibility(&alert);
}

} // namespace gatehouse::ui
