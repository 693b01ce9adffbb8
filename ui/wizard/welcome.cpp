#include "wizard/welcome.h"

#include "admin/administration.h"
#include "theme/mark.h"
#include "theme/theme.h"
#include "widgets/buttons.h"
#include "widgets/dialogs/confirmation.h"
#include "widgets/dialogs/dialogfooter.h"
#include "widgets/dialogs/questiondialog.h"
#include "widgets/translated.h"
#include "widgets/uistate.h"
#include "wizard/donestep.h"
#include "wizard/foundstep.h"
#include "wizard/peoplestep.h"
#include "wizard/reachstep.h"
#include "wizard/setup.h"
#include "wizard/stepbar.h"

#include <QPushButton>
#include <QScreen>
#include <QScrollArea>
#include <QStackedWidget>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

// On a small screen or in a large font a step scrolls instead of being cut off.
QScrollArea *scrolling(QWidget *step, QWidget *parent)
{
    auto *area = new QScrollArea(parent);
    area->setWidgetResizable(true);
    area->setFrameShape(QFrame::NoFrame);
    area->setFocusPolicy(Qt::NoFocus);
    area->setWidget(step);
    return area;
}

} // namespace

Welcome::Welcome(const Services &services, const WelcomeHooks &hooks, QWidget *parent)
    : QDialog(parent)
    , m_services(services)
    , m_hooks(hooks)
    , m_bar(new StepBar(this))
    , m_stack(new QStackedWidget(this))
    , m_people(new PeopleStep(hooks.language, isForSeveral(), this))
    , m_found(new FoundStep(services, hooks.environment, hooks.places, hooks.files, this))
    , m_reach(new ReachStep(services, hooks.isAgain, this))
    , m_done(new DoneStep(services, this))
    , m_setup(new Setup(services, this))
    , m_wasForSeveral(m_people->isForSeveral())
{
    setWindowIcon(applicationIcon());
    m_steps = {m_people, m_found, m_reach, m_done};
    build();
    connect(m_people, &PeopleStep::languageChosen, this, &Welcome::languageChosen);
    connect(m_found, &FoundStep::addRequested, this, &Welcome::addChannel);
    connect(m_setup, &Setup::finished, this, [this](const SetupOutcome &outcome) {
        m_isApplying = false;
        m_found->noteMade(outcome.channels);
        m_done->showOutcome(outcome);
        showStep(m_stack->count() - 1);
        emit carriedOut();
    });
    (new Translated(this))->add([this] { setTexts(); });
    showStep(0);
}

void Welcome::build()
{
    for (WizardStep *step : m_steps) {
        m_stack->addWidget(scrolling(step, m_stack));
        connect(step, &WizardStep::changed, this, &Welcome::refresh);
    }
    auto *footer = new DialogFooter(this);
    m_skip = makeLinkButton(QString(), footer);
    m_skip->setAutoDefault(false);
    footer->addLeft(m_skip);
    m_back = footer->addButton(QString(), QDialogButtonBox::ActionRole);
    m_continue = footer->addButton(QString(), QDialogButtonBox::ActionRole);
    m_continue->setDefault(true);
    connect(m_skip, &QPushButton::clicked, this, &Welcome::skip);
    connect(m_back, &QPushButton::clicked, this, &Welcome::goBack);
    connect(m_continue, &QPushButton::clicked, this, &Welcome::goOn);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_bar);
    layout->addWidget(m_stack, 1);
    layout->addWidget(footer);
    QSize size(Theme::px(720), Theme::px(580));
    if (const QScreen *shownOn = screen()) {
        const int titleBar = Theme::px(40);
        size = size.boundedTo(shownOn->availableGeometry().size() - QSize(0, titleBar));
    }
    resize(size); // on a small screen the steps scroll
}

void Welcome::setTexts()
{
    setWindowTitle(tr("Welcome to Gatehouse"));
    m_bar->setSteps({tr("Who uses it"), tr("Found here"), tr("Who may connect"), tr("Done")});
    m_skip->setText(tr("Skip set-up"));
    m_skip->setToolTip(againText());
    m_back->setText(tr("Back"));
    refresh();
}

QString Welcome::againText()
{
    return tr("You can open it again from the menu: Help ▸ Set up again…");
}

int Welcome::step() const
{
    return m_stack->currentIndex();
}

void Welcome::showStep(int step)
{
    m_stack->setCurrentIndex(step);
    m_bar->setCurrent(step);
    m_steps.at(step)->entered();
    refresh();
    m_continue->setFocus();
}

void Welcome::refresh()
{
    const WizardStep *present = m_steps.at(step());
    const bool isDone = present == m_done;
    m_continue->setText(present->continueText());
    m_continue->setEnabled(present->isComplete() && !m_isApplying);
    m_back->setEnabled(!m_isApplying);
    m_back->setVisible(step() > 0 && !isDone);
    m_skip->setVisible(!isDone);
    m_skip->setEnabled(!m_isApplying);
}

void Welcome::goBack()
{
    if (step() > 0)
        showStep(step() - 1);
}

void Welcome::goOn()
{
    const WizardStep *present = m_steps.at(step());
    if (present == m_done)
        accept();
    else if (present == m_reach)
        applyChoices();
    else
        showStep(step() + 1);
}

void Welcome::applyChoices()
{
    m_isApplying = true;
    refresh();
    m_setup->apply({.several = m_people->isForSeveral(),
                    .channels = m_found->chosen(),
                    .files = m_found->chosenFiles(),
                    .listen = m_reach->listen(),
                    .tls = m_reach->tls(),
                    .password = m_reach->password(),
                    .tokenName = needsToken() ? tr("First token") : QString()});
}

// As it is now; on the first run nobody has said it yet.
bool Welcome::isForSeveral() const
{
    return m_hooks.isAgain && m_services.state.value(u"people/mode"_s).toString() != "one"_L1;
}

bool Welcome::needsToken() const
{
    const auto catalog = m_services.administration.publisher.catalog();
    return !m_hooks.isAgain || (catalog && catalog->tokens().empty());
}

void Welcome::addChannel()
{
    if (!m_hooks.addChannel)
        return;
    QDialog *dialog = m_hooks.addChannel(this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
}

void Welcome::skip()
{
    if (!m_isApplying)
        QDialog::reject();
}

// Whether a person chose something that would be lost. The language took effect already.
bool Welcome::isChanged() const
{
    return m_people->isForSeveral() != m_wasForSeveral || !m_found->model().ticked().empty()
           || !m_reach->listen().isEmpty() || !m_reach->tls().isEmpty()
           || !m_reach->password().isEmpty();
}

void Welcome::ask(QDialog *question)
{
    question->setAttribute(Qt::WA_DeleteOnClose);
    m_question = question;
    question->open();
}

// Esc is soon pressed and the window soon closed. Who has opened it oneself is asked only where
// something would be lost. What is being carried out goes on.
void Welcome::reject()
{
    if (step() == m_stack->count() - 1)
        return accept();
    if (m_isApplying || m_question)
        return;
    if (m_hooks.isAgain && !isChanged())
        return skip();
    if (m_hooks.isAgain) {
        auto *question = new Confirmation({.title = windowTitle(),
                                           .heading = tr("Discard what you chose?"),
                                           .text = tr("Nothing of it has been carried out."),
                                           .action = tr("Discard"),
                                           .refusal = tr("Go on")},
                                          this);
        connect(question, &QDialog::accepted, this, &Welcome::skip);
        return ask(question);
    }
    auto *question = new QuestionDialog(
        {.title = tr("Skip set-up"), .heading = tr("Skip the set-up?"), .text = againText()}, this);
    question->addAnswer(tr("Go on"), QDialogButtonBox::AcceptRole, [] {});
    question->addAnswer(tr("Skip set-up"), QDialogButtonBox::DestructiveRole, [this] { skip(); });
    ask(question);
}

} // namespace gatehouse::ui
