#pragma once

#include "holder.h"

#include <QDialog>
#include <QString>

class QDialogButtonBox;
class QLabel;

namespace gatehouse::app {

// Why the desktop application could not start, as the person is to read it.
struct StartProblem
{
    QString message{};
    // No keychain is there and nothing was stored yet: the person may choose a file instead.
    bool needsSecretsChoice = false;
    // Who uses the data directory, where that is the problem.
    std::optional<Holder> holder{};
};

// Stands in place of the main window when the start failed: what happened, and what can be done.
class StartFailure : public QDialog
{
    Q_OBJECT

public:
    explicit StartFailure(const StartProblem &problem, QWidget *parent = nullptr);

    void reject() override;

signals:
    void retryRequested();
    // The master key may be kept in a file of the data directory.
    void secretsFileChosen();
    void quitRequested();

private:
    void endHolder(const Holder &holder);
    QDialogButtonBox *makeButtons(const StartProblem &problem);

    QLabel *m_text;
};

} // namespace gatehouse::app
