#include "dashboard/healthpanel.h"

#include "charts/hatch.h"
#include "theme/theme.h"
#include "widgets/buttons.h"
#include "widgets/secondarylabel.h"
#include "widgets/sectionheading.h"
#include "widgets/translated.h"

#include <QPainter>
#include <QVBoxLayout>

#include <array>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

constexpr int shownAtFirst = 12;
constexpr int swatch = 6;
constexpr int gap = 5;
constexpr std::array<int, 5> swatchHeights{14, 12, 10, 8, 8};

// What the colours and heights of the strips mean.
class HeatLegend : public QWidget
{
public:
    explicit HeatLegend(QWidget *parent)
        : QWidget(parent)
    {
        setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    }

    void setTexts(const QString &worse, const QString &better, const QString &open)
    {
        m_worse = worse;
        m_better = better;
        m_open = open;
        setAccessibleDescription(worse % u", "_s % better % u", "_s % open);
        updateGeometry();
        update();
    }

    QSize sizeHint() const override
    {
        const QFontMetrics metrics(Theme::font(TextRole::Small));
        const int words = metrics.horizontalAdvance(m_worse) + metrics.horizontalAdvance(m_better)
                          + metrics.horizontalAdvance(m_open);
        const int swatches = 5 * Theme::px(swatch + 2) + Theme::px(12);
        return {words + swatches + 2 * Theme::px(gap) + Theme::px(gap) + Theme::px(14) + 4,
                Theme::px(20)};
    }

protected:
    void paintEvent(QPaintEvent *) override
    {
        const Palette &palette = Theme::current();
        QPainter painter(this);
        painter.setFont(Theme::font(TextRole::Small));
        const QFontMetrics metrics = painter.fontMetrics();
        int x = 0;
        const auto word = [&](const QString &text) {
            painter.setPen(palette.secondary);
            painter.drawText(
                QRect(x, 0, width() - x, height()), Qt::AlignLeft | Qt::AlignVCenter, text);
            x += metrics.horizontalAdvance(text);
        };
        word(m_worse);
        x += Theme::px(gap);
        const int bottom = (height() + Theme::px(14)) / 2;
        for (size_t i = 0; i < swatchHeights.size(); ++i) {
            const int tall = Theme::px(swatchHeights.at(i));
            painter.fillRect(x, bottom - tall, Theme::px(swatch), tall, palette.heat.at(4 - i));
            x += Theme::px(swatch + 2);
        }
        x += Theme::px(gap);
        word(m_better);
        x += Theme::px(14);
        const QRect box(x, bottom - Theme::px(13), Theme::px(12), Theme::px(12));
        painter.fillRect(box, palette.failure.tint);
        paintHatch(&painter, box, palette.failure.mark, Theme::exact(5.6), Theme::exact(1.8));
        x += Theme::px(12) + Theme::px(gap);
        word(m_open);
    }

private:
    QString m_worse{};
    QString m_better{};
    QString m_open{};
};

bool isTroubled(const ChannelHealthRow &row)
{
    return row.lacksModels()
           || (row.overview.health != domain::Health::Healthy
               && row.overview.health != domain::Health::Disabled);
}

} // namespace

HealthPanel::HealthPanel(QWidget *parent)
    : Panel(parent)
    , m_model(new HealthModel(this))
    , m_grid(new HealthGrid(m_model, this))
    , m_heading(new SectionHeading({}, this))
    , m_scale(new SecondaryLabel(TextRole::Small, this))
    , m_legend(new HeatLegend(this))
    , m_more(makeLinkButton(QString(), this))
    , m_texts(new Translated(this))
{
    setLineVisible(false);
    m_heading->setLineVisible(false);
    m_heading->addWidget(m_more);
    m_heading->addWidget(m_scale);
    m_heading->addWidget(m_legend);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_heading);
    layout->addWidget(m_grid);
    connect(m_more, &QPushButton::clicked, this, [this] {
        m_whole = !m_whole;
        refresh();
    });
    connect(m_grid, &HealthGrid::arranged, this, &HealthPanel::nameTime);
    m_texts->add([this] { setTexts(); });
}

void HealthPanel::setRows(std::vector<ChannelHealthRow> rows)
{
    m_all = std::move(rows);
    refresh();
    nameTime();
}

void HealthPanel::nameTime()
{
    const QString title = tr("Channel health, %1").arg(m_model->timeShown());
    m_heading->setText(title);
    m_grid->setAccessibleName(title);
    m_scale->setText(m_grid->scale());
}

void HealthPanel::setTexts()
{
    static_cast<HeatLegend *>(m_legend)->setTexts(tr("worse"), tr("better"), tr("breaker open"));
    refresh();
    nameTime();
}

void HealthPanel::refresh()
{
    const auto count = static_cast<int>(m_all.size());
    m_more->setVisible(count > shownAtFirst);
    m_more->setText(m_whole ? tr("Show fewer") : tr("Show all %n", "channels", count));
    if (m_whole || count <= shownAtFirst) {
        m_model->setRows(m_all);
        return;
    }
    int places = shownAtFirst;
    for (const ChannelHealthRow &row : m_all)
        places -= isTroubled(row) ? 1 : 0;
    std::vector<ChannelHealthRow> shown;
    for (const ChannelHealthRow &row : m_all) {
        if (static_cast<int>(shown.size()) == shownAtFirst)
            break;
        if (isTroubled(row) || places-- > 0)
            shown.push_back(row);
    }
    m_model->setRows(std::move(shown));
}

} // namespace gatehouse::ui
