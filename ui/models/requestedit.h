#pragma once

#include <QPlainTextEdit>

namespace gatehouse::ui {

// A field for the body of a request. Of a long one, such as with pictures in it, only the beginning is
// shown, since laying it out would take seconds; it can be replaced or removed, but not edited.
class RequestEdit : public QPlainTextEdit
{
    Q_OBJECT

public:
    explicit RequestEdit(QWidget *parent = nullptr);

    // In UTF-8 and without white space around it.
    QByteArray body() const;
    // Only the beginning is shown.
    bool isCut() const { return !m_long.isEmpty(); }

signals:
    void bodyChanged();

protected:
    void insertFromMimeData(const QMimeData *source) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    void setShown(const QString &text, const QByteArray &whole);

    QByteArray m_long{}; // empty: all is shown
};

} // namespace gatehouse::ui
