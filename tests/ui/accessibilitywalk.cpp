#include "ui/accessibilitywalk.h"

#include "theme/theme.h"

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QAbstractScrollArea>
#include <QAbstractSlider>
#include <QAbstractSpinBox>
#include <QAccessible>
#include <QButtonGroup>
#include <QComboBox>
#include <QFormLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMenuBar>
#include <QPlainTextEdit>
#include <QScrollBar>
#include <QTabBar>
#include <QTextEdit>
#include <QToolButton>

using namespace Qt::StringLiterals;

namespace gatehouse::tests {

namespace {

QString described(const QWidget *widget)
{
    QStringList path;
    for (const QWidget *each = widget; each && path.size() < 4; each = each->parentWidget()) {
        QString name = QString::fromLatin1(each->metaObject()->className());
        if (!each->objectName().isEmpty())
            name += u'#' + each->objectName();
        path.prepend(name);
    }
    const auto *button = qobject_cast<const QAbstractButton *>(widget);
    return path.join(u" > "_s) + (button ? u" “%1”"_s.arg(button->text()) : QString());
}

// Parts of another control, which is looked at itself.
bool isPart(const QWidget *widget)
{
    const QWidget *parent = widget->parentWidget();
    if (!parent)
        return false;
    return qobject_cast<const QComboBox *>(parent) || qobject_cast<const QAbstractSpinBox *>(parent)
           || qobject_cast<const QTabBar *>(parent) || qobject_cast<const QMenuBar *>(parent)
           || qobject_cast<const QLineEdit *>(parent) || qobject_cast<const QHeaderView *>(widget)
           || widget->objectName().startsWith(u"qt_"_s);
}

bool isControl(const QWidget *widget)
{
    const auto *scrollBar = qobject_cast<const QScrollBar *>(widget);
    return !scrollBar
           && (qobject_cast<const QAbstractButton *>(widget)
               || qobject_cast<const QLineEdit *>(widget) || qobject_cast<const QComboBox *>(widget)
               || qobject_cast<const QAbstractSpinBox *>(widget)
               || qobject_cast<const QAbstractSlider *>(widget)
               || qobject_cast<const QAbstractItemView *>(widget)
               || qobject_cast<const QPlainTextEdit *>(widget)
               || qobject_cast<const QTextEdit *>(widget));
}

QString nameOf(QWidget *widget)
{
    QAccessibleInterface *accessible = QAccessible::queryAccessibleInterface(widget);
    return accessible ? accessible->text(QAccessible::Name).trimmed() : QString();
}

// By Tab, or by the arrow keys from its neighbours.
bool isReachable(const QWidget *widget)
{
    if (widget->focusPolicy() & Qt::TabFocus)
        return true;
    for (const QObject *sibling : widget->parentWidget()->children()) {
        const auto *other = qobject_cast<const QWidget *>(sibling);
        const bool alike = other && other != widget && other->metaObject() == widget->metaObject();
        if (alike && (other->focusPolicy() & Qt::TabFocus))
            return true;
    }
    // A control inside a field that has the focus for it, such as a tag.
    const QWidget *proxy = widget->parentWidget()->focusProxy();
    return proxy && (proxy->focusPolicy() & Qt::TabFocus);
}

void inspectControl(QWidget *widget, QStringList &problems)
{
    if (nameOf(widget).isEmpty())
        problems.append(u"%1 has no accessible name."_s.arg(described(widget)));
    if (!isReachable(widget))
        problems.append(u"%1 cannot be reached by the keyboard."_s.arg(described(widget)));
    const int least = ui::Theme::px(24) - 2;
    if (qMin(widget->width(), widget->height()) < least && !widget->visibleRegion().isEmpty()
        && !qobject_cast<QLineEdit *>(widget))
        problems.append(u"%1 is smaller than 24 pixels: %2 × %3."_s.arg(described(widget))
                            .arg(widget->width())
                            .arg(widget->height()));
    const auto *tool = qobject_cast<const QToolButton *>(widget);
    if (tool && tool->text().isEmpty() && tool->toolTip().isEmpty())
        problems.append(u"%1 shows an icon alone and has no tool tip."_s.arg(described(widget)));
}

void inspectLabel(const QLabel *label, QStringList &problems)
{
    const bool mnemonic = label->text().contains(u'&') && label->textFormat() != Qt::PlainText
                          && !label->text().contains(u"&amp;"_s)
                          && !label->text().contains(u"&quot;"_s);
    const auto *form = qobject_cast<const QFormLayout *>(
        label->parentWidget() ? label->parentWidget()->layout() : nullptr);
    int row = -1;
    QFormLayout::ItemRole role = QFormLayout::SpanningRole;
    if (form)
        form->getWidgetPosition(const_cast<QLabel *>(label), &row, &role);
    const bool inForm = row >= 0 && role == QFormLayout::LabelRole;
    if ((mnemonic || inForm) && !label->buddy())
        problems.append(u"The label “%1” has no buddy."_s.arg(label->text()));
}

} // namespace

QStringList accessibilityProblems(QWidget *root)
{
    QStringList problems;
    QList<QWidget *> widgets = root->findChildren<QWidget *>();
    widgets.prepend(root);
    for (QWidget *widget : std::as_const(widgets)) {
        if (!widget->isVisible() || !widget->isEnabled() || isPart(widget))
            continue;
        if (isControl(widget))
            inspectControl(widget, problems);
        if (const auto *label = qobject_cast<const QLabel *>(widget))
            inspectLabel(label, problems);
    }
    return problems;
}

} // namespace gatehouse::tests
