#pragma once

#include <QDialog>
#include <QList>
#include <QPointer>
#include <QVariant>

namespace gatehouse::ui {

// A dialog into which much is typed. Escape, Cancel and closing ask before that is lost; with nothing
// changed they close it at once.
class EditDialog : public QDialog
{
    Q_OBJECT

public:
    explicit EditDialog(QWidget *parent);

    void reject() override;

protected:
    // Whether a field says something else than when the fields were remembered.
    virtual bool isModified() const;
    // In which the fields are.
    virtual const QWidget *fields() const { return this; }
    // What the fields say now is nothing that would be missed. Done when the dialog is first shown, unless
    // it was done before.
    void rememberFields();

    void showEvent(QShowEvent *event) override;

private:
    struct Value
    {
        QPointer<QWidget> field;
        QVariant value{};
    };

    void remember(const QWidget *parent);
    void askToDiscard();

    QList<Value> m_remembered{};
    bool m_isRemembered = false;
};

} // namespace gatehouse::ui
