#pragma once

#include <QList>
#include <QTimer>
#include <QWidget>

#include <functional>

class QComboBox;
class QFormLayout;
class QLabel;
class QScrollArea;

namespace gatehouse::ui {

class SecondaryLabel;
class SectionHeading;

// Names of any length, as providers and people give them, do not widen what `box` is in.
void limitWidth(QComboBox *box);

// Fields under each other with their labels at the left, help and errors under the field. Texts are
// functions, asked again in another language. The wheel changes no field without the focus.
class Form : public QWidget
{
    Q_OBJECT

public:
    using Text = std::function<QString()>;

    explicit Form(QWidget *parent = nullptr);

    // `label` becomes the field's buddy and, if it has none, its accessible name.
    // What a UnitField cannot take is shown by itself.
    void addField(QWidget *field, Text label, Text help = {});
    // Several controls on one line, of which the first is the label's buddy.
    void addLine(const QList<QWidget *> &controls, Text label, Text help = {});
    // Without a label, in the column of the fields, such as a check box.
    void addControl(QWidget *control, Text help = {});
    // As wide as the form.
    void addWide(QWidget *widget);
    void addSection(Text title);

    // What stands under a field instead of its help from now on; empty: the help of addField().
    void setHelp(QWidget *field, const QString &text);
    // Marks the field and says why in place of the help; empty: it can be taken.
    void setError(QWidget *field, const QString &text);
    // The same of a field that is empty: not shown before it was edited or focusFirstError() asked,
    // since nobody has erred who has only opened the form.
    void setMissing(QWidget *field, const QString &text);
    // Whether it is shown or not.
    QString error(QWidget *field) const;
    bool hasErrors() const;
    // Empty: there is none.
    QString firstError() const;
    void focusFirstError();
    // The whole row, with label and help.
    void setFieldVisible(QWidget *field, bool visible);

protected:
    bool event(QEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    struct Row
    {
        QWidget *field = nullptr;
        QWidget *whole = nullptr; // what the layout holds
        QLabel *label = nullptr;
        SecondaryLabel *note = nullptr;
        Text labelText{};
        Text helpText{};
        QString help{};
        QString error{};
        bool isMissing = false; // that is the error
    };

    QScrollArea *scrollArea() const;
    void settle();
    void fitScrolled();
    void addRow(Row row, QWidget *content);
    void refresh(Row &row, bool retranslate);
    void setError(QWidget *field, const QString &text, bool isMissing);
    bool showsError(const Row &row) const;
    Row *rowOf(const QWidget *field);
    const Row *rowOf(const QWidget *field) const;

    QFormLayout *m_layout = nullptr;
    QList<Row> m_rows{};
    QTimer m_settling{}; // once after several changes
    bool m_showsMissing = false;
    QList<QPair<SectionHeading *, Text>> m_sections{};
};

} // namespace gatehouse::ui
