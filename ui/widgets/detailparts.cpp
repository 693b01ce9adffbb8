#include "widgets/detailparts.h"

#include "theme/theme.h"
#include "widgets/buttons.h"
#include "widgets/secondarylabel.h"

#include <QFrame>
#include <QHBoxLayout>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

namespace gatehouse::ui {

QVBoxLayout *makeDetailColumn(QWidget *content)
{
    auto *layout = new QVBoxLayout(content);
    layout->setContentsMargins(Theme::px(12), Theme::px(12), Theme::px(12), Theme::px(12));
    layout->setSpacing(Theme::px(8));
    return layout;
}

SecondaryLabel *makeDetailTitle(QWidget *parent)
{
    auto *label = new SecondaryLabel(TextRole::SmallStrong, parent);
    label->setPlain(true);
    return label;
}

QWidget *makeDetailLine(QWidget *parent)
{
    auto *line = new QFrame(parent);
    line->setFrameShape(QFrame::HLine);
    line->setForegroundRole(QPalette::Midlight);
    return line;
}

QWidget *makeDetailScrolled(QWidget *content, QWidget *parent)
{
    auto *area = new QScrollArea(parent);
    area->setFrameShape(QFrame::NoFrame);
    area->setWidgetResizable(true);
    area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    area->setWidget(content);
    area->setFocusPolicy(Qt::NoFocus);
    return area;
}

QWidget *makeDetailFooter(const QList<QAction *> &actions, QWidget *parent)
{
    auto *footer = new QWidget(parent);
    auto *layout = new QHBoxLayout(footer);
    layout->setContentsMargins(Theme::px(12), Theme::px(8), Theme::px(12), Theme::px(8));
    layout->setSpacing(Theme::px(8));
    for (QAction *action : actions) {
        if (action == actions.last())
            layout->addStretch(1);
        layout->addWidget(makeButton(action, footer));
    }
    return footer;
}

} // namespace gatehouse::ui
