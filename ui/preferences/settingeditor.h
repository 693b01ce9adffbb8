#pragma once

#include "admin/upkeep/settingsservice.h"

#include <QWidget>

class QCheckBox;
class QComboBox;
class QLabel;

namespace gatehouse::ui {

// The control with which one setting is changed. Speaks in the texts that settings are stored as.
class SettingEditor : public QWidget
{
    Q_OBJECT

public:
    // By the kind of the setting.
    static SettingEditor *make(const admin::SettingView &setting, QWidget *parent);

    // What is set; does not emit committed().
    virtual void setValue(const QString &value) = 0;
    // What the person entered, fit to be stored if problem() is empty.
    virtual QString value() const = 0;
    // Why what was entered cannot be taken, in a sentence; empty: it can, as far as can be told here.
    virtual QString problem() const { return {}; }
    // Texts of the setting in another language.
    virtual void retranslate(const admin::SettingView &) {}
    // The label, the help and errors of the row.
    virtual void setNames(const QString &name, const QString &description);
    virtual void showInvalid(bool invalid);
    // One of the choices cannot be made, for the reason; empty: it can.
    virtual void lockChoice(const QString &value, const QString &reason);
    // The description stands in the control itself, not under it.
    virtual bool showsDescription() const { return false; }
    // The control that is named and takes the focus.
    QWidget *control() const { return m_control; }

signals:
    // While it is being entered.
    void edited();
    // To be stored now.
    void committed();

protected:
    explicit SettingEditor(QWidget *parent);
    // Adds it to the line of the editor; the first one is the control.
    void add(QWidget *control, int stretch = 0);
    void addStretch();

private:
    QWidget *m_control = nullptr;
};

class BooleanEditor : public SettingEditor
{
    Q_OBJECT

public:
    explicit BooleanEditor(QWidget *parent);

    void setValue(const QString &value) override;
    QString value() const override;
    void retranslate(const admin::SettingView &setting) override;
    void setNames(const QString &name, const QString &description) override;
    bool showsDescription() const override { return true; }

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    QCheckBox *m_box;
    QLabel *m_text; // beside the box, since that cannot break its lines
};

// One of a few.
class ChoiceEditor : public SettingEditor
{
    Q_OBJECT

public:
    explicit ChoiceEditor(QWidget *parent);

    void setValue(const QString &value) override;
    QString value() const override;
    void retranslate(const admin::SettingView &setting) override;
    void lockChoice(const QString &value, const QString &reason) override;

private:
    QComboBox *m_box;
};

} // namespace gatehouse::ui
