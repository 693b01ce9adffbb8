#pragma once

#include "base/secret.h"

#include <QBitArray>
#include <QWidget>

namespace gatehouse::ui {

// A QR code in whole pixels, black on white in both themes. Empty until it has a content, and again
// if the content does not fit into one.
class QrCode : public QWidget
{
    Q_OBJECT

public:
    explicit QrCode(QWidget *parent = nullptr);

    // False: too long.
    bool setContent(const base::Secret &content);
    void clear();
    bool isEmpty() const { return m_side == 0; }
    // The number of modules at a side, without the quiet zone, and whether one is black.
    int side() const { return m_side; }
    bool isBlack(int column, int row) const { return m_modules.testBit(row * m_side + column); }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;
    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override { return width; }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QBitArray m_modules{};
    int m_side = 0;
};

} // namespace gatehouse::ui
