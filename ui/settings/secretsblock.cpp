#include "settings/secretsblock.h"

#include "admin/administration.h"
#include "admin/flow.h"
#include "theme/theme.h"
#include "widgets/dialogs/confirmation.h"
#include "widgets/translated.h"

#include <QPushButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

SecretsBlock::SecretsBlock(const Services &services, SettingsStore &store, QWidget *parent)
    : SettingsBlock(parent)
    , m_services(services)
    , m_store(store)
    , m_place(makeText(TextRole::Body))
    , m_note(makeText())
    , m_forget(new QPushButton(this))
    , m_forgetNote(makeText())
{
    m_place->setObjectName(u"secretsPlace"_s);
    m_place->setPlain(true);
    m_place->setTextInteractionFlags(Qt::TextSelectableByMouse);
    auto *whole = new QWidget(this);
    auto *stack = new QVBoxLayout(whole);
    stack->setContentsMargins(0, 0, 0, 0);
    stack->setSpacing(Theme::px(3));
    stack->addWidget(m_place);
    stack->addWidget(m_note);
    addLine([] { return tr("Master key"); }, whole, false);
    auto *keys = new QWidget(this);
    auto *column = new QVBoxLayout(keys);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(Theme::px(3));
    m_forget->setAutoDefault(false);
    column->addWidget(m_forget, 0, Qt::AlignLeft);
    column->addWidget(m_forgetNote);
    addLine([] { return tr("Stored keys"); }, keys);
    m_keepsKeys = keepsKeys();
    connect(m_forget, &QPushButton::clicked, this, &SecretsBlock::askToForget);
    connect(&m_store, &SettingsStore::changed, this, &SecretsBlock::review);
    (new Translated(this))->add([this] { setTexts(); });
}

void SecretsBlock::setTexts()
{
    const auto &place = m_store.hooks().secretsPlace;
    m_place->setText(place ? place() : tr("Not known here"));
    m_note->setText(
        tr("It seals the keys of channels and tokens in the database. Without it a backup "
           "cannot be used on another computer."));
    m_forget->setText(tr("Forget the keys of all tokens…"));
    m_forgetNote->setText(tr("Only their ends stay. The keys are valid as before."));
}

bool SecretsBlock::keepsKeys() const
{
    const auto setting = m_store.find(u"accounting.recoverable_keys"_s);
    return !setting || setting->value == u"true"_s;
}

// Who switches it off for the new keys may want it for those that there are.
void SecretsBlock::review()
{
    const bool kept = std::exchange(m_keepsKeys, keepsKeys());
    if (kept && !m_keepsKeys && isVisible())
        askToForget();
}

void SecretsBlock::askToForget()
{
    Confirmation::ask(
        this,
        {.title = tr("Forget the keys of all tokens"),
         .heading = tr("Forget the keys of the tokens that there are?"),
         .text = m_keepsKeys
                     ? tr("Their keys stay valid for the programs that have them, but nobody can "
                          "look at them again. This cannot be undone.")
                     : tr("New tokens keep the ends of their keys alone from now on. Those that "
                          "there are can be shown still, until their keys are forgotten, too. They "
                          "stay valid for the programs that have them, but nobody can look at them "
                          "again. This cannot be undone."),
         .action = tr("Forget the keys")},
        [this] { forgetKeys(); });
}

void SecretsBlock::forgetKeys()
{
    admin::whenDone(m_services.administration.tokenManager.forgetKeys(m_services.actor),
                    this,
                    [this](const base::Result<qint64> &forgotten) {
                        emit failed(forgotten ? LiveText() : forgotten.error().message);
                        if (!forgotten)
                            return;
                        emit noticeRaised([count = static_cast<int>(*forgotten)] {
                            return tr("Forgot the keys of %n tokens", nullptr, count);
                        });
                    });
}

} // namespace gatehouse::ui
