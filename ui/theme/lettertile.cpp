#include "theme/lettertile.h"

#include "domain/providertype.h"
#include "theme/theme.h"

#include <QIconEngine>
#include <QPainter>

#include <array>

namespace gatehouse::ui {

namespace {

constexpr std::array<QRgb, 8> tileColors = {
    0x4A6A9B, 0x7A5A96, 0x3C7A72, 0x96633B, 0x8A4F6B, 0x57707D, 0x6B6F3A, 0x5D5FA0};

// The first letter or digit; the sign of a list item if there is none.
QString letterOf(QStringView name)
{
    for (qsizetype i = 0; i < name.size(); ++i) {
        if (name.at(i).isHighSurrogate() && i + 1 < name.size())
            return name.mid(i, 2).toString();
        if (name.at(i).isLetterOrNumber())
            return QString(name.at(i));
    }
    return QString(QChar(0x203A));
}

class LetterTileEngine : public QIconEngine
{
public:
    explicit LetterTileEngine(const QString &name)
        : m_name(name)
    {}

    void paint(QPainter *painter, const QRect &rect, QIcon::Mode mode, QIcon::State) override
    {
        painter->save();
        if (mode == QIcon::Disabled)
            painter->setOpacity(0.5);
        paintLetterTile(painter, rect, m_name);
        painter->restore();
    }

    QPixmap pixmap(const QSize &size, QIcon::Mode mode, QIcon::State state) override
    {
        QPixmap pixmap(size);
        pixmap.fill(Qt::transparent);
        QPainter painter(&pixmap);
        paint(&painter, pixmap.rect(), mode, state);
        return pixmap;
    }

    QIconEngine *clone() const override { return new LetterTileEngine(*this); }

private:
    const QString m_name;
};

} // namespace

QString providerTile(int type)
{
    const domain::ProviderType *known = domain::providerType(type);
    return known ? QString::fromUtf8(known->name) : QString::number(type);
}

QColor letterTileColor(QStringView name)
{
    quint32 hash = 5381;
    for (const QChar each : name)
        hash = hash * 33 + each.unicode();
    return QColor(tileColors.at(hash % tileColors.size()));
}

void paintLetterTile(QPainter *painter, const QRectF &rect, QStringView name)
{
    const double side = std::min(rect.width(), rect.height());
    QRectF square(0, 0, side, side);
    square.moveCenter(rect.center());

    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(Qt::NoPen);
    painter->setBrush(letterTileColor(name));
    painter->drawRoundedRect(square, Theme::exact(3), Theme::exact(3));
    QFont font = Theme::font(TextRole::CaptionStrong);
    font.setPixelSize(std::max(6, qRound(side * 0.58)));
    painter->setFont(font);
    painter->setPen(Qt::white);
    painter->drawText(square, Qt::AlignCenter, letterOf(name));
    painter->restore();
}

QIcon letterTile(const QString &name)
{
    return QIcon(new LetterTileEngine(name));
}

} // namespace gatehouse::ui
