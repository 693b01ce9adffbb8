#include "desktop/startfailure.h"

#include "theme/icons.h"
#include "theme/mark.h"
#include "theme/theme.h"
#include "widgets/secondarylabel.h"

#include <QClipboard>
#include <QDialogButtonBox>
#include <QDir>
#include <QFileDialog>
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
    if (!problem.isHeld || !problem.holder)
        return problem.message;
    const qint64 process = problem.holder->process;
    switch (problem.holder->kind) {
    case Holder::Kind::Serve:
        return StartFailure::tr("“gatehouse serve” (process %1) is using this data directory, so "
                                "the gateway runs already, without a window. It can be ended here; "
                                "programs that use it are interrupted until the window has "
                                "started.")
            .arg(process);
    case Holder::Kind::Window:
        return StartFailure::tr("A window of Gatehouse (process %1) is using this data directory "
                                "but does not answer. It may belong to another session, be of "
                                "another version, or hang.")
            .arg(process);
    case Holder::Kind::Command:
        return StartFailure::tr("A command of Gatehouse (process %1) is using this data directory. "
                                "It ends by itself; try again in a moment.")
            .arg(process);
    }
    return problem.message;
}

} // namespace

StartFailure::StartFailure(const StartProblem &problem, QWidget *parent)
    : QDialog(parent)
    , m_problem(problem)
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
    auto *place = new ui::SecondaryLabel(
        tr("Data directory: %1").arg(QDir::toNativeSeparators(problem.directory)),
        TextRole::Small,
        this);
    place->setWordWrap(true);
    place->setTextInteractionFlags(Qt::TextSelectableByMouse);
    layout->addWidget(place);
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
    layout->addWidget(makeButtons());
    setFixedWidth(Theme::px(600));
    constexpr std::chrono::milliseconds interval(300);
    m_holderWatch.setInterval(interval);
    connect(&m_holderWatch, &QTimer::timeout, this, &StartFailure::lookAtHolder);
}

QDialogButtonBox *StartFailure::makeButtons()
{
    auto *buttons = new QDialogButtonBox(this);
    QPushButton *retry = buttons->addButton(tr("Try again"), QDialogButtonBox::AcceptRole);
    QPushButton *quit = buttons->addButton(tr("Quit"), QDialogButtonBox::RejectRole);
    QPushButton *copy = buttons->addButton(tr("Copy the text"), QDialogButtonBox::HelpRole);
    connect(retry, &QPushButton::clicked, this, &StartFailure::retryRequested);
    connect(quit, &QPushButton::clicked, this, &StartFailure::quitRequested);
    connect(copy, &QPushButton::clicked, this, [this] {
        QGuiApplication::clipboard()->setText(m_text->text());
    });
    retry->setDefault(true);
    if (m_problem.needsSecretsChoice) {
        QPushButton *file = buttons->addButton(tr("Use a file"), QDialogButtonBox::AcceptRole);
        connect(file, &QPushButton::clicked, this, &StartFailure::secretsFileChosen);
        return buttons;
    }
    QPushButton *other = buttons->addButton(tr("Other directory…"), QDialogButtonBox::ActionRole);
    connect(other, &QPushButton::clicked, this, &StartFailure::chooseDirectory);
    const bool endable =
        m_problem.isHeld && m_problem.holder && m_problem.holder->kind != Holder::Kind::Command;
    if (endable && canRequestEnd()) {
        QPushButton *end = buttons->addButton(tr("End it"), QDialogButtonBox::DestructiveRole);
        connect(end, &QPushButton::clicked, this, [this, end] {
            end->setEnabled(false);
            endHolder();
        });
    }
    return buttons;
}

// It lets open requests end first; the start is tried again when it has.
void StartFailure::endHolder()
{
    const base::Result<> asked = requestEnd(*m_problem.holder);
    if (!asked && asked.error().code != base::ErrorCode::NotFound)
        return m_text->setText(asked.error().message.translated());
    m_text->setText(tr("It was asked to end and does so as soon as open requests have ended. "
                       "Gatehouse starts then."));
    m_holderWatch.start();
}

void StartFailure::lookAtHolder()
{
    if (holderOf(m_problem.directory) == m_problem.holder)
        return;
    m_holderWatch.stop();
    emit retryRequested();
}

void StartFailure::chooseDirectory()
{
    auto *chooser = new QFileDialog(this, tr("Other data directory"), m_problem.directory);
    chooser->setAttribute(Qt::WA_DeleteOnClose);
    chooser->setFileMode(QFileDialog::Directory);
    chooser->setOption(QFileDialog::ShowDirsOnly);
    connect(chooser, &QFileDialog::fileSelected, this, &StartFailure::directoryChosen);
    chooser->open();
}

void StartFailure::reject()
{
    emit quitRequested();
}

} // namespace gatehouse::app
