#pragma once

#include "capture/embeddeddata.h"
#include "capture/jsoncolors.h"

#include <QPlainTextEdit>
#include <QStringDecoder>
#include <QTimer>

#include <vector>

namespace gatehouse::ui {

// The raw text of a body, in parts as they come. Overlong lines are broken where it costs nothing to
// lay them out, and pictures and sounds in base64 are folded to a line that a click opens; copying
// undoes both. Bytes that are no text are shown as numbers. JSON is coloured where it is looked at.
class BodyText : public QPlainTextEdit
{
    Q_OBJECT

public:
    explicit BodyText(QWidget *parent = nullptr);

    // Starts anew; the first part tells whether the body is text.
    void start(const QByteArray &bytes);
    void append(const QByteArray &bytes);
    bool isBinary() const { return m_binary; }
    qint64 shownBytes() const { return m_bytes; }

    // The text without the breaks of this class, shared and not copied.
    const QString &text() const { return m_text; }
    // Marks what stands there in text(), and scrolls to it.
    void showMatch(qsizetype position, qsizetype length);
    void clearMatch();
    // How many pictures and the like are folded.
    int foldedCount() const;
    // Shows what is folded in that line of the document; false: nothing is.
    bool unfold(const QTextBlock &line);

protected:
    void resizeEvent(QResizeEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    QMimeData *createMimeDataFromSelection() const override;
    void changeEvent(QEvent *event) override;

private:
    // From `text` in m_text on, up to the next one, the document goes on at `document`; of what is folded
    // its label stands there.
    struct Piece
    {
        qsizetype text = 0;
        qsizetype document = 0;
        bool isFolded = false;
    };
    // A line of the document.
    struct Line
    {
        JsonPlace begin{};
        bool isLabel = false;
        bool isColored = false;
    };
    // What is added to the document, with its lines and pieces.
    struct Addition;

    void appendText(const QString &text);
    void appendNumbers(const QByteArray &bytes);
    void add(Addition &addition, QStringView text, qsizetype begin);
    void fold(Addition &addition, const EmbeddedData &folded, qsizetype begin);
    qsizetype growLast(QStringView text);
    size_t pieceAt(qsizetype position) const;
    int documentPosition(qsizetype position) const;
    qsizetype textPosition(int position) const;
    QTextBlock labelAt(const QPoint &position) const;
    void colorVisible();
    void applyLook();

    QStringDecoder m_decoder{QStringDecoder::Utf8};
    QString m_text{};
    std::vector<Piece> m_pieces{};
    std::vector<Line> m_lines{};
    JsonPlace m_place{};        // at the end of m_text
    qsizetype m_lineLength = 0; // of the last line so far
    EmbeddedData m_last{};      // was folded at the end of m_text, and may go on
    bool m_isJson = false;
    QTimer m_coloring{};
    qint64 m_bytes = 0;
    bool m_binary = false;
};

// Whether bytes should be shown as numbers instead of text.
bool looksBinary(const QByteArray &bytes);

} // namespace gatehouse::ui
