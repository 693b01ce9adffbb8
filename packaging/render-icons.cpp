// Renders resources/icons/app/gatehouse.svg into the bitmaps beside it, which are committed:
//   c++ -std=c++20 -fPIC packaging/render-icons.cpp $(pkg-config --cflags --libs Qt6Gui Qt6Svg) -o render-icons
//   QT_QPA_PLATFORM=offscreen ./render-icons resources/icons/app

#include <QDir>
#include <QGuiApplication>
#include <QImage>
#include <QPainter>
#include <QSvgRenderer>
#include <QTextStream>

int main(int argc, char **argv)
{
    const QGuiApplication application(argc, argv);
    const QDir folder(argc > 1 ? QString::fromLocal8Bit(argv[1])
                               : QStringLiteral("resources/icons/app"));
    QSvgRenderer drawing(folder.filePath(QStringLiteral("gatehouse.svg")));
    bool complete = drawing.isValid();
    for (const int side : {16, 22, 24, 32, 48, 64, 128, 256, 512}) {
        QImage image(side, side, QImage::Format_ARGB32_Premultiplied);
        image.fill(Qt::transparent);
        QPainter painter(&image);
        drawing.render(&painter);
        painter.end();
        complete &= image.save(folder.filePath(QStringLiteral("gatehouse-%1.png").arg(side)));
    }
    if (!complete)
        QTextStream(stderr) << "Not all icons could be made.\n";
    return complete ? 0 : 1;
}
