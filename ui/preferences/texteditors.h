#pragma once

#include "preferences/settingeditor.h"

class QLineEdit;
class QPlainTextEdit;
class QPushButton;

namespace gatehouse::ui {

class TagEdit;

// One line of text.
class TextEditor : public SettingEditor
{
    Q_OBJECT

public:
    explicit TextEditor(QWidget *parent);

    void setValue(const QString &value) override;
    QString value() const override;
    QString problem() const override;

private:
    QLineEdit *m_field;
};

// Several lines of text, stored when it is left.
class LongTextEditor : public SettingEditor
{
    Q_OBJECT

public:
    explicit LongTextEditor(QWidget *parent);

    void setValue(const QString &value) override;
    QString value() const override;
    QString problem() const override;

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    QPlainTextEdit *m_field;
    bool m_quiet = false;
};

// A file, typed or chosen.
class PathEditor : public SettingEditor
{
    Q_OBJECT

public:
    enum class Target { File, Folder };

    PathEditor(Target target, QWidget *parent);

    void setValue(const QString &value) override;
    QString value() const override;
    QString problem() const override;
    void retranslate(const admin::SettingView &setting) override;

private:
    void choose();

    const Target m_target;
    QLineEdit *m_field;
    QPushButton *m_choose;
};

// Several short texts, stored as one with spaces between them.
class ListEditor : public SettingEditor
{
    Q_OBJECT

public:
    ListEditor(const admin::SettingView &setting, QWidget *parent);
    static bool isFor(const admin::SettingView &setting);

    void setValue(const QString &value) override;
    QString value() const override;
    QString problem() const override;

private:
    const bool m_holdsRanges;
    TagEdit *m_tags;
    bool m_quiet = false;
};

} // namespace gatehouse::ui
