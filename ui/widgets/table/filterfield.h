#pragma once

#include "domain/filterquery.h"

#include <QLineEdit>
#include <QTimer>

#include <functional>

class QCompleter;
class QStringListModel;

namespace gatehouse::ui {

// The field in which the filter of a table is typed. Proposes keys and values, underlines terms that
// cannot be used; those are left out of the query. Esc clears it, Esc again leaves it.
class FilterField : public QLineEdit
{
    Q_OBJECT

public:
    // Why a term cannot be used, as a sentence; empty: it can.
    using Problem = std::function<QString(const domain::FilterTerm &)>;
    // What may follow a key.
    using Values = std::function<QStringList(const QString &key)>;

    explicit FilterField(QWidget *parent = nullptr);

    void setKeys(const QStringList &keys);
    void setProblem(Problem problem);
    void setValues(Values values) { m_values = std::move(values); }

    // Sets the text and applies it at once.
    void setFilter(const QString &text);
    const domain::FilterQuery &query() const { return m_query; }
    // The terms that were left out, in words; empty: none.
    QString problems() const { return m_problems; }
    // What the tool tip says while there are no problems.
    void setHelp(const QString &help);

signals:
    // Soon after typing, never during the composition of an input method.
    void queryChanged(const gatehouse::domain::FilterQuery &query);

    // Esc in the empty field, or Down: the focus should go to the table.
    void left();

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void inputMethodEvent(QInputMethodEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void retranslate();
    void apply();
    void review();
    void underline(const QList<domain::FilterTerm> &terms);
    void propose();
    void complete(const QString &proposal);
    QPair<int, int> wordAtCursor() const;

    QStringList m_keys{};
    Problem m_problem{};
    Values m_values{};
    domain::FilterQuery m_query{};
    QString m_problems{};
    QString m_help{};
    QTimer m_timer{};
    QCompleter *m_completer = nullptr;
    QStringListModel *m_proposals = nullptr;
    bool m_composing = false;
    bool m_underlining = false;
};

} // namespace gatehouse::ui
