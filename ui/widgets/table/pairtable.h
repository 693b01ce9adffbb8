#pragma once

#include <QHash>
#include <QList>
#include <QPair>
#include <QWidget>

#include <functional>

class QPlainTextEdit;
class QPushButton;
class QStackedWidget;
class QToolButton;

namespace gatehouse::ui {

class PairModel;
class SecondaryLabel;
class TableView;

// Pairs of texts in two columns, such as a model mapping or headers; can be written as a JSON object
// instead.
class PairTable : public QWidget
{
    Q_OBJECT
    Q_PROPERTY(QStringList entered READ entered USER true)

public:
    using Pairs = QList<QPair<QString, QString>>;
    // Why a pair cannot be used, as a sentence; empty: it can.
    using Problem = std::function<QString(const QString &left, const QString &right)>;

    explicit PairTable(QWidget *parent = nullptr);

    void setTitles(const QString &left, const QString &right);
    void setProblem(Problem problem);
    // Whose right side is a secret: what setPairs() gives of it is hidden until the person reveals it
    // or enters another one.
    void setSecret(std::function<bool(const QString &left)> secret);
    // Without rows of which both sides are empty.
    Pairs pairs() const;
    void setPairs(const Pairs &pairs);
    // What stands there, whether it can be used or not.
    QStringList entered() const;
    // Why the whole cannot be used; empty: it can.
    QString problem() const;
    bool isJson() const;
    // Refused, with the reason shown, while the JSON cannot be read.
    void setJson(bool json);

signals:
    void pairsChanged();

protected:
    void changeEvent(QEvent *event) override;

private:
    void retranslate();
    void review();
    void addPair();
    void removePairs();
    void readJson();
    void showJson();
    void reveal();

    PairModel *m_model = nullptr;
    TableView *m_view = nullptr;
    QPlainTextEdit *m_text = nullptr;
    QStackedWidget *m_stack = nullptr;
    QToolButton *m_add = nullptr;
    QToolButton *m_remove = nullptr;
    QToolButton *m_reveal = nullptr;
    QPushButton *m_toggle = nullptr;
    SecondaryLabel *m_note = nullptr;
    QString m_jsonProblem{};
    Problem m_problem{};
    std::function<bool(const QString &)> m_secret{};
    QHash<QString, QString> m_behindJson{}; // what the JSON text hides, by the left side
};

} // namespace gatehouse::ui
