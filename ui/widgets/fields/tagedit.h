#pragma once

#include <QWidget>

#include <functional>

class QCompleter;
class QLineEdit;
class QStringListModel;

namespace gatehouse::ui {

class FlowLayout;

// A field of tags, such as models: each is a chip that can be taken out, new ones are typed and
// completed. Enter, comma and paste add; Backspace in the empty text takes out the last.
class TagEdit : public QWidget
{
    Q_OBJECT
    Q_PROPERTY(QStringList entered READ entered USER true)

public:
    explicit TagEdit(QWidget *parent = nullptr);

    QStringList tags() const { return m_tags; }
    void setTags(const QStringList &tags);
    // The tags and what is still in the text field.
    QStringList entered() const;
    void setProposals(const QStringList &proposals);
    void setPlaceholderText(const QString &text);
    // Only what is proposed can be added.
    void setProposalsOnly(bool only) { m_proposalsOnly = only; }
    // Takes what is still in the text field.
    void commitText();

signals:
    void tagsChanged();

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void add(const QString &text);
    void remove(const QString &tag);
    void rebuild();
    void nameText();
    void showPlaceholder();

    QStringList m_tags{};
    QStringList m_proposals{};
    QString m_placeholder{};
    bool m_proposalsOnly = false;
    FlowLayout *m_layout = nullptr;
    QLineEdit *m_text = nullptr;
    QCompleter *m_completer = nullptr;
    QStringListModel *m_model = nullptr;
    QList<QWidget *> m_chips{};
};

} // namespace gatehouse::ui
