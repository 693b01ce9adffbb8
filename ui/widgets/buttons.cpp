#include "widgets/buttons.h"

#include "theme/icons.h"
#include "theme/plaintip.h"
#include "theme/style.h"
#include "theme/theme.h"

#include <QAction>
#include <QPushButton>
#include <QRegularExpression>
#include <QToolButton>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

QString tipOf(const QAction *action, bool always)
{
    const QString name = withoutMnemonic(action->text());
    const QString keys = action->shortcut().toString(QKeySequence::NativeText);
    const bool own =
        !action->toolTip().isEmpty() && action->toolTip() != withoutMnemonic(action->iconText());
    const QString text = own ? action->toolTip() : name;
    if (!keys.isEmpty())
        return plainTip(u"%1 (%2)"_s.arg(text, keys));
    return always || own ? plainTip(text) : QString();
}

// Keeps a button as its action is.
template<typename Button>
void follow(Button *button, QAction *action, void (*adopt)(Button *, const QAction *))
{
    adopt(button, action);
    QObject::connect(
        action, &QAction::changed, button, [button, action, adopt] { adopt(button, action); });
    QObject::connect(button, &QAbstractButton::clicked, action, &QAction::trigger);
    QObject::connect(action, &QAction::toggled, button, &QAbstractButton::setChecked);
}

void adoptText(QPushButton *button, const QAction *action)
{
    button->setText(action->text());
    button->setIcon(action->icon());
    button->setToolTip(tipOf(action, false));
    button->setAccessibleName(withoutMnemonic(action->text()));
    button->setEnabled(action->isEnabled());
    button->setVisible(action->isVisible());
}

void adoptIcon(QToolButton *button, const QAction *action)
{
    button->setIcon(action->icon());
    button->setToolTip(tipOf(action, true));
    button->setAccessibleName(withoutMnemonic(action->text()));
    button->setEnabled(action->isEnabled());
    button->setVisible(action->isVisible());
    button->setCheckable(action->isCheckable());
    button->setChecked(action->isChecked());
}

void measure(QAbstractButton *button, int size)
{
    button->setIconSize({Theme::px(size), Theme::px(size)});
}

QToolButton *makeBareToolButton(QWidget *parent)
{
    auto *button = new QToolButton(parent);
    button->setAutoRaise(true);
    button->setFocusPolicy(Qt::TabFocus);
    measure(button, navigationIcon);
    button->setMinimumSize(Theme::px(28), Theme::px(28));
    return button;
}

} // namespace

QString withoutMnemonic(QString text)
{
    static const QRegularExpression inBrackets(u"\\s*\\(&[^&\\s]\\)"_s);
    return text.remove(inBrackets).replace(u"&&"_s, u"\n"_s).remove(u'&').replace(u'\n', u'&');
}

QPushButton *makeButton(QAction *action, QWidget *parent)
{
    auto *button = new QPushButton(parent);
    button->setAutoDefault(false);
    measure(button, controlIcon);
    follow(button, action, adoptText);
    return button;
}

QToolButton *makeToolButton(QAction *action, QWidget *parent)
{
    QToolButton *button = makeBareToolButton(parent);
    follow(button, action, adoptIcon);
    return button;
}

QToolButton *makeToolButton(const QString &iconName, const QString &name, QWidget *parent)
{
    QToolButton *button = makeBareToolButton(parent);
    button->setIcon(icon(iconName));
    button->setAccessibleName(name);
    button->setToolTip(plainTip(name));
    return button;
}

LinkButton::LinkButton(QWidget *parent)
    : QPushButton(parent)
{
    setFlat(true);
    setAutoDefault(false);
    setCursor(Qt::PointingHandCursor);
    setFont(Theme::font(TextRole::Small));
    setSmall(this);
}

QSize LinkButton::sizeHint() const
{
    return {fontMetrics().size(Qt::TextShowMnemonic, text()).width() + Theme::px(4), Theme::px(24)};
}

void LinkButton::paintEvent(QPaintEvent *event)
{
    Q_UNUSED(event)
    QPainter painter(this);
    QFont shown = font();
    shown.setUnderline(underMouse() && isEnabled());
    painter.setFont(shown);
    painter.setPen(isEnabled() ? Theme::current().link : Theme::current().disabled);
    painter.drawText(rect(), Qt::AlignCenter | Qt::TextShowMnemonic | Qt::TextSingleLine, text());
}

QPushButton *makeLinkButton(const QString &text, QWidget *parent)
{
    auto *button = new LinkButton(parent);
    button->setText(text);
    return button;
}

QPushButton *makeLinkButton(QAction *action, QWidget *parent)
{
    auto *button = new LinkButton(parent);
    follow<QPushButton>(button, action, [](QPushButton *link, const QAction *source) {
        adoptText(link, source);
        link->setIcon({});
    });
    return button;
}

QPushButton *makeFlatButton(QAction *action, QWidget *parent)
{
    QPushButton *button = makeButton(action, parent);
    button->setFlat(true);
    button->setFont(Theme::font(TextRole::Small));
    button->setIcon({});
    setSmall(button);
    return button;
}

} // namespace gatehouse::ui
