#include "widgets/qrcode.h"

#include "theme/theme.h"

#include <QPainter>

#include <qrencode.h>

#include <memory>

namespace gatehouse::ui {

namespace {

constexpr int quietZone = 4; // modules on each side that stay white

} // namespace

QrCode::QrCode(QWidget *parent)
    : QWidget(parent)
{
    QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Preferred);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
    setAccessibleName(tr("QR code"));
}

bool QrCode::setContent(const base::Secret &content)
{
    clear();
    const QByteArray &bytes = content.reveal();
    const std::unique_ptr<QRcode, decltype(&QRcode_free)> code(
        QRcode_encodeData(static_cast<int>(bytes.size()),
                          reinterpret_cast<const unsigned char *>(bytes.constData()),
                          0,
                          QR_ECLEVEL_M),
        &QRcode_free);
    if (!code)
        return false;
    m_side = code->width;
    m_modules.resize(m_side * m_side);
    for (int i = 0; i < m_side * m_side; ++i)
        m_modules.setBit(i, (code->data[i] & 1) != 0);
    updateGeometry();
    update();
    return true;
}

void QrCode::clear()
{
    m_side = 0;
    m_modules.clear();
    update();
}

QSize QrCode::sizeHint() const
{
    const int modules = (m_side > 0 ? m_side : 33) + 2 * quietZone;
    const int module = qMax(3, (Theme::px(184) + modules - 1) / modules);
    return {modules * module, modules * module};
}

QSize QrCode::minimumSizeHint() const
{
    const int modules = (m_side > 0 ? m_side : 33) + 2 * quietZone;
    return {modules * 2, modules * 2};
}

void QrCode::paintEvent(QPaintEvent *event)
{
    Q_UNUSED(event)
    QPainter painter(this);
    const Palette &palette = Theme::current();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(palette.edge);
    painter.setBrush(isEmpty() ? palette.alternate : QColor(Qt::white));
    const int side = qMin(width(), height());
    const QRect square((width() - side) / 2, (height() - side) / 2, side, side);
    painter.drawRoundedRect(
        QRectF(square).adjusted(0.5, 0.5, -0.5, -0.5), Theme::exact(4), Theme::exact(4));
    if (isEmpty())
        return;
    // In device pixels, so that every module is as wide as every other.
    painter.setRenderHint(QPainter::Antialiasing, false);
    const double scale = devicePixelRatioF();
    painter.scale(1 / scale, 1 / scale);
    const int room = static_cast<int>(side * scale);
    const int module = qMax(1, room / (m_side + 2 * quietZone));
    const int left = static_cast<int>(square.x() * scale) + (room - module * m_side) / 2;
    const int top = static_cast<int>(square.y() * scale) + (room - module * m_side) / 2;
    for (int row = 0; row < m_side; ++row) {
        for (int column = 0; column < m_side; ++column) {
            if (isBlack(column, row))
                painter.fillRect(
                    left + column * module, top + row * module, module, module, Qt::black);
        }
    }
}

} // namespace gatehouse::ui
