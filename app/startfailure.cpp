#include "startfailure.h"

#include "theme/icons.h"
#include "theme/mark.h"
#include "theme/theme.h"

#include <QClipboard>
#include <QDialogButtonBox>
#include <QGuiApplication>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace gatehouse::app {

using ui::TextRole;
using ui::Theme;

namespace {

QString textOf(const StartProblem &problem)
{
    if (!problem.holder || problem.holder->kind != Holder::Kind::Serve)
        return problem.message;
    return StartFailure::tr(
               "“gatehouse serve” (process %1) is using this data directory, so the "
               "gateway runs already, without a window. It can be ended here; programs "
               "that use it are interrupted until the window has started.")
        .arg(problem.holder->process);
}

} // namespace

StartFailure::StartFailure(const StartProblem &problem, QWidget *parent)
    : QDialog(parent)
    , m_text(new QLabel(textOf(problem), this))
{
    setWindowTitle(u"Gatehouse"_s);
    setWindowIcon(ui::applicationIcon());
    auto *heading = new QLabel(tr("Gatehouse could not start"), this);
    heading->setFont(Theme::font(TextRole::Heading));
    QLabel *const text = m_text;
    text->setTextFormat(Qt::PlainText);
    text->setWordWrap(true);
    text->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    auto *layout = new QVBoxLayout(this);
    const int margin = Theme::px(20);
    layout->setContentsMargins(margin, margin, margin, margin);
    layout->setSpacing(Theme::px(12));
    layout->addWidget(heading);
    layout->addWidget(text);
    if (problem.needsSecretsChoice) {
        auto *choice = new QLabel(
            tr("Without a keychain, the master key can be kept in a file of the data directory "
               "that "
               "only you can read. Whoever gets a copy of that file and of the database can read "
               "the keys of your providers."),
            this);
        choice->setWordWrap(true);
        layout->addWidget(choice);
    }
    layout->addStretch(1);
    layout->addWidget(makeButtons(problem));
    setFixedWidth(Theme::px(520));
}

QDialogButtonBox *StartFailure::makeButtons(const StartProblem &problem)
{
    auto *buttons = new QDialogButtonBox(this);
    QPushButton *retry = buttons->addButton(tr("Try again"), QDialogButtonBox::AcceptRole);
    QPushButton *quit = buttons->addButton(tr("Quit"), QDialogButtonBox::RejectRole);
    QPushButton *copy = buttons->addButton(tr("Copy the text"), QDialogButtonBox::HelpRole);
    connect(retry, &QPushButton::clicked, this, &StartFailure::retryRequested);
    connect(quit, &QPushButton::clicked, this, &StartFailure::quitRequested);
    connect(copy, &QPushButton::clicked, this, [text = problem.message] {
        QGuiApplication::clipboard()->setText(text);
    });
    retry->setDefault(true);
    if (problem.needsSecretsChoice) {
        QPushButton *file = buttons->addButton(tr("Use a file"), QDialogButtonBox::AcceptRole);
        connect(file, &QPushButton::clicked, this, &StartFailure::secretsFileChosen);
    }
    if (problem.holder && problem.holder->kind == Holder::Kind::Serve && canRequestEnd()) {
        QPushButton *end = buttons->addButton(tr("End it"), QDialogButtonBox::DestructiveRole);
        connect(end, &QPushButton::clicked, this, [this, end, holder = *problem.holder] {
            end->setEnabled(false);
            endHolder(holder);
        });
    }
    return buttons;
}

// It lets open requests end first; the person tries again when it has.
void StartFailure::endHolder(const Holder &holder)
{
    const base::Result<> asked = requestEnd(holder);
    m_text->setText(asked
                        ? tr("It was asked to end and does so as soon as open requests have ended. "
                             "Try again in a moment.")
                        : asked.error().message);
}

void StartFailure::reject()
{
    emit quitRequested();
}

} // namespace gatehouse::app
