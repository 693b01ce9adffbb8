#include "settings/listeneditors.h"

#include "preferences/numbereditors.h"
#include "theme/icons.h"
#include "theme/style.h"
#include "theme/theme.h"
#include "widgets/format.h"
#include "widgets/secondarylabel.h"

#include <QButtonGroup>
#include <QLabel>
#include <QLineEdit>
#include <QRadioButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

using admin::ListenChoice;
using Reach = ListenChoice::Reach;

ListenEditor::ListenEditor(QWidget *parent)
    : SettingEditor(parent)
    , m_reach(new QButtonGroup(this))
    , m_custom(new QLineEdit(this))
{
    auto *whole = new QWidget(this);
    auto *column = new QVBoxLayout(whole);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    for (const Reach reach : {Reach::ThisComputer, Reach::LocalNetwork, Reach::Custom}) {
        auto *button = new QRadioButton(whole);
        button->setMinimumHeight(Theme::px(28));
        m_reach->addButton(button, static_cast<int>(reach));
        column->addWidget(button, 0, Qt::AlignLeft);
    }
    m_custom->setPlaceholderText(u"127.0.0.1:3000 192.168.1.20:3000"_s);
    column->addWidget(m_custom);
    whole->setFocusProxy(m_reach->button(0));
    add(whole, 1);
    connect(m_reach, &QButtonGroup::idClicked, this, &ListenEditor::choose);
    connect(m_custom, &QLineEdit::textEdited, this, &SettingEditor::edited);
    connect(m_custom, &QLineEdit::editingFinished, this, &ListenEditor::leaveField);
}

void ListenEditor::setValue(const QString &value)
{
    m_choice = ListenChoice::from(value).value_or(ListenChoice{.reach = Reach::Custom});
    m_reach->button(static_cast<int>(m_choice.reach))->setChecked(true);
    m_custom->setText(value);
    m_custom->setVisible(m_choice.reach == Reach::Custom);
    // The arrow keys go on from the button that is checked.
    control()->setFocusProxy(m_reach->checkedButton());
}

QString ListenEditor::value() const
{
    ListenChoice choice = m_choice;
    choice.reach = static_cast<Reach>(m_reach->checkedId());
    choice.custom = m_custom->text().simplified();
    // What is set says the same in its own words.
    const bool same = choice.reach == m_choice.reach && choice.reach != Reach::Custom;
    return same ? m_choice.custom : choice.text();
}

QString ListenEditor::problem() const
{
    if (static_cast<Reach>(m_reach->checkedId()) != Reach::Custom)
        return {};
    const QStringList texts = m_custom->text().simplified().split(u' ', Qt::SkipEmptyParts);
    if (texts.isEmpty())
        return tr("At least one address is needed, such as 127.0.0.1:3000.");
    for (const QString &text : texts) {
        if (!ListenChoice::from(text))
            return tr("%1 is no address to listen on. Write it as 127.0.0.1:3000 or [::1]:3000.")
                .arg(Format::quoted(text));
    }
    return {};
}

void ListenEditor::retranslate(const admin::SettingView &)
{
    m_reach->button(static_cast<int>(Reach::ThisComputer))->setText(tr("This computer only"));
    m_reach->button(static_cast<int>(Reach::LocalNetwork))->setText(tr("Local network"));
    m_reach->button(static_cast<int>(Reach::Custom))->setText(tr("Addresses of your own"));
    m_custom->setAccessibleName(tr("Addresses to listen on"));
}

void ListenEditor::setNames(const QString &name, const QString &description)
{
    control()->setAccessibleName(name);
    control()->setAccessibleDescription(description);
    m_custom->setAccessibleDescription(description);
}

void ListenEditor::showInvalid(bool invalid)
{
    setInvalid(m_custom, invalid);
}

void ListenEditor::choose(int reach)
{
    const bool custom = static_cast<Reach>(reach) == Reach::Custom;
    m_custom->setVisible(custom);
    if (!custom)
        return submit();
    m_custom->setFocus(Qt::OtherFocusReason);
    m_custom->selectAll();
}

void ListenEditor::leaveField()
{
    if (static_cast<Reach>(m_reach->checkedId()) == Reach::Custom)
        submit();
}

void ListenEditor::submit()
{
    const std::optional<ListenChoice> wanted = ListenChoice::from(value());
    if (wanted && wanted->isOpen && !m_choice.isOpen)
        emit openingRequested(value());
    else
        emit committed();
}

PortEditor::PortEditor(QWidget *parent)
    : SettingEditor(parent)
    , m_port(new IntegerField(this))
    , m_sign(new QLabel(this))
    , m_word(new SecondaryLabel(TextRole::Small, this))
{
    m_port->setRange(1, 65535);
    m_port->setFixedWidth(Theme::px(76));
    add(m_port);
    add(m_sign);
    add(m_word);
    addStretch();
    m_word->setObjectName(u"portState"_s);
    showState(std::nullopt);
    connect(m_port, &UnitField::edited, this, &SettingEditor::edited);
    connect(m_port, &QLineEdit::editingFinished, this, &SettingEditor::committed);
}

void PortEditor::setValue(const QString &value)
{
    m_choice = ListenChoice::from(value).value_or(ListenChoice{});
    m_port->setText(QString::number(m_choice.port));
}

QString PortEditor::value() const
{
    const auto port = static_cast<quint16>(m_port->number().value_or(m_choice.port));
    return port == m_choice.port ? m_choice.custom : m_choice.withPort(port).text();
}

QString PortEditor::problem() const
{
    return m_port->problem();
}

void PortEditor::retranslate(const admin::SettingView &)
{
    showState(m_state);
}

void PortEditor::showState(std::optional<admin::PortState> state)
{
    m_state = state;
    const bool isFree = state == admin::PortState::Free;
    const Tone tone = isFree ? Tone::Good : Tone::Caution;
    if (state) {
        m_sign->setPixmap(iconPixmap(isFree ? u"check"_s : u"triangle-alert"_s,
                                     Theme::px(controlIcon),
                                     devicePixelRatioF(),
                                     Theme::current().tone(tone).mark));
        m_word->setText(isFree                             ? tr("free on all addresses")
                        : state == admin::PortState::Taken ? tr("used by another program")
                                                           : tr("cannot be listened on"));
    } else {
        m_word->clear();
    }
    m_sign->setVisible(state.has_value());
    m_word->setVisible(state.has_value());
}

} // namespace gatehouse::ui
