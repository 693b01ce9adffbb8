#pragma once

#include <QDialogButtonBox>
#include <QWidget>

class QHBoxLayout;

class QPushButton;

namespace gatehouse::ui {

class SecondaryLabel;

// The bottom of a dialog: a hairline, a note or further controls at the left, the buttons in the
// order of the platform at the right. In the whole dialog Enter presses the button that has the focus,
// and the default one where none has.
class DialogFooter : public QWidget
{
    Q_OBJECT

public:
    explicit DialogFooter(QWidget *parent = nullptr);

    void setNote(const QString &text);
    void addLeft(QWidget *widget);
    QPushButton *addButton(const QString &text, QDialogButtonBox::ButtonRole role);
    QPushButton *addButton(QDialogButtonBox::StandardButton button);
    QDialogButtonBox *buttons() const { return m_buttons; }

signals:
    void accepted();
    void rejected();

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;

private:
    SecondaryLabel *m_note = nullptr;
    QHBoxLayout *m_left = nullptr;
    QDialogButtonBox *m_buttons = nullptr;
};

} // namespace gatehouse::ui
