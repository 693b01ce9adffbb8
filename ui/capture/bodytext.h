#pragma once

#include <QPlainTextEdit>
#include <QStringDecoder>

#include <vector>

namespace gatehouse::ui {

// The raw text of a body, in parts as they come. Overlong lines are broken where it costs nothing to
// lay them out, which copying undoes; bytes that are no text are shown as numbers.
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

protected:
    QMimeData *createMimeDataFromSelection() const override;
    void changeEvent(QEvent *event) override;

private:
    void appendText(const QString &text);
    void appendNumbers(const QByteArray &bytes);
    int documentPosition(qsizetype position) const;
    void applyLook();

    QStringDecoder m_decoder{QStringDecoder::Utf8};
    QString m_text{};
    std::vector<qsizetype> m_breaks{}; // places in m_text before which a break was put
    qsizetype m_lineLength = 0;        // of the last line so far
    qint64 m_bytes = 0;
    bool m_binary = false;
};

// Whether bytes should be shown as numbers instead of text.
bool looksBinary(const QByteArray &bytes);

} // namespace gatehouse::ui
