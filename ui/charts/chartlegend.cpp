#include "charts/chartlegend.h"

#include "charts/timeserieschart.h"
#include "theme/plaintip.h"
#include "theme/theme.h"

#include <QAbstractButton>
#include <QHBoxLayout>
#include <QPainter>

namespace gatehouse::ui {

namespace {

constexpr int legendSquare = 9;
constexpr int buttonGap = 5;
constexpr int longestName = 150;
constexpr int shortestName = 60; // with its square

// The name of one series, with a square in its colour that is hollow while the series is hidden.
class LegendButton : public QAbstractButton
{
public:
    LegendButton(const ChartSeries &series, bool faint, QWidget *parent)
        : QAbstractButton(parent)
        , m_slot(series.slot)
        , m_faint(faint)
    {
        setText(series.kind == SeriesKind::Band
                    ? QString(series.name % QStringLiteral(" – ") % series.upperName)
                    : series.name);
        setToolTip(plainTip(text()));
        setShortcut({}); // an ampersand is a part of the name
        setCheckable(true);
        setFocusPolicy(Qt::TabFocus);
        setCursor(Qt::PointingHandCursor);
    }

    QSize sizeHint() const override
    {
        const QFontMetrics metrics(Theme::font(TextRole::Small));
        const int most = Theme::px(longestName);
        return {Theme::px(legendSquare + buttonGap)
                    + std::min(metrics.horizontalAdvance(text()), most) + 1,
                Theme::px(24)};
    }

    // Where there is little room, names are cut.
    QSize minimumSizeHint() const override
    {
        const QSize wanted = sizeHint();
        return {std::min(wanted.width(), Theme::px(shortestName)), wanted.height()};
    }

protected:
    void paintEvent(QPaintEvent *) override
    {
        const Palette &palette = Theme::current();
        QPainter painter(this);
        const int side = Theme::px(legendSquare);
        const QRect box(0, (height() - side) / 2, side, side);
        QColor color = palette.slot(m_slot);
        if (m_faint)
            color.setAlphaF(0.78F);
        if (isChecked()) {
            painter.fillRect(box, color);
        } else {
            painter.setPen(palette.mark);
            painter.drawRect(box.adjusted(0, 0, -1, -1));
        }
        painter.setFont(Theme::font(TextRole::Small));
        painter.setPen(!isChecked()   ? palette.placeholder
                       : underMouse() ? palette.text
                                      : palette.secondary);
        const QRect room = rect().adjusted(Theme::px(legendSquare + buttonGap), 0, 0, 0);
        painter.drawText(room,
                         Qt::AlignLeft | Qt::AlignVCenter,
                         painter.fontMetrics().elidedText(text(), Qt::ElideMiddle, room.width()));
    }

    void enterEvent(QEnterEvent *event) override
    {
        QAbstractButton::enterEvent(event);
        update();
    }

    void leaveEvent(QEvent *event) override
    {
        QAbstractButton::leaveEvent(event);
        update();
    }

private:
    const ChartSlot m_slot;
    const bool m_faint;
};

} // namespace

ChartLegend::ChartLegend(TimeSeriesChart *chart, QWidget *parent)
    : QWidget(parent)
    , m_chart(chart)
{
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins({});
    row->setSpacing(Theme::px(10));
    setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
    connect(chart, &TimeSeriesChart::dataChanged, this, &ChartLegend::rebuild);
    connect(chart, &TimeSeriesChart::seriesShownChanged, this, &ChartLegend::follow);
    rebuild();
}

// Live data change values, hardly ever names: the buttons, and the focus on one, stay.
void ChartLegend::rebuild()
{
    const QList<ChartSeries> &series = m_chart->data().series;
    QStringList names;
    for (const ChartSeries &each : series)
        names.append(QString(each.name % u'/' % QString::number(static_cast<int>(each.slot))));
    if (names == m_names)
        return;
    m_names = names;
    qDeleteAll(m_buttons);
    m_buttons.clear();
    bool first = true;
    for (qsizetype i = 0; i < series.size(); ++i) {
        const bool bar = series.at(i).kind == SeriesKind::Bar;
        auto *button = new LegendButton(series.at(i), bar && std::exchange(first, false), this);
        connect(button, &QAbstractButton::toggled, this, [this, i](bool shown) {
            m_chart->setSeriesShown(i, shown);
        });
        connect(button, &QAbstractButton::clicked, this, [this, i](bool shown) {
            emit seriesToggled(i, shown);
        });
        layout()->addWidget(button);
        m_buttons.append(button);
    }
    follow();
}

void ChartLegend::follow()
{
    for (qsizetype i = 0; i < m_buttons.size(); ++i)
        m_buttons.at(i)->setChecked(m_chart->isSeriesShown(i));
}

} // namespace gatehouse::ui
