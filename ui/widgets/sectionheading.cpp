#include "widgets/sectionheading.h"

#include "theme/theme.h"
#include "widgets/secondarylabel.h"

#include <QHBoxLayout>
#include <QPainter>

namespace gatehouse::ui {

SectionHeading::SectionHeading(const QString &text, QWidget *parent)
    : QWidget(parent)
    , m_label(new SecondaryLabel(text, TextRole::BodyStrong, this))
    , m_layout(new QHBoxLayout(this))
{
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    m_label->setPlain(true);
    m_layout->setContentsMargins(0, Theme::px(4), 0, Theme::px(5));
    m_layout->setSpacing(Theme::px(8));
    m_layout->addWidget(m_label);
    m_layout->addStretch();
}

void SectionHeading::setText(const QString &text)
{
    m_label->setText(text);
}

QString SectionHeading::text() const
{
    return m_label->text();
}

void SectionHeading::setLineVisible(bool visible)
{
    m_line = visible;
    update();
}

void SectionHeading::addWidget(QWidget *widget)
{
    m_layout->addWidget(widget);
}

void SectionHeading::paintEvent(QPaintEvent *event)
{
    Q_UNUSED(event)
    QPainter painter(this);
    if (m_line)
        painter.fillRect(0, height() - 1, width(), 1, Theme::current().line);
}

} // namespace gatehouse::ui
