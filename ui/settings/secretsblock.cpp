#include "settings/secretsblock.h"

#include "theme/theme.h"
#include "widgets/translated.h"

#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

SecretsBlock::SecretsBlock(SettingsStore &store, QWidget *parent)
    : SettingsBlock(parent)
    , m_store(store)
    , m_place(makeText(TextRole::Body))
    , m_note(makeText())
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
    (new Translated(this))->add([this] { setTexts(); });
}

void SecretsBlock::setTexts()
{
    const auto &place = m_store.hooks().secretsPlace;
    m_place->setText(place ? place() : tr("Not known here"));
    m_note->setText(
        tr("It seals the keys of channels and tokens in the database. Without it a backup "
           "cannot be used on another computer."));
}

} // namespace gatehouse::ui
