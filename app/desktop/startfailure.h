#pragma once

#include "holder.h"

#include <QDialog>
#include <QString>
#include <QTimer>

class QDialogButtonBox;
class QLabel;

namespace gatehouse::app {

// Why the desktop application could not start, as the person is to read it.
struct StartProblem
{
    QString message{};
    // No keychain is there and nothing was stored yet: the person may choose a file instead.
    bool needsSecretsChoice = false;
    QString directory{}; // of the data
    // The directory is used by another process, and who that is, as far as it is known.
    bool isHeld = false;
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
    // Another data directory is to be used.
    void directoryChosen(const QString &directory);
    void quitRequested();

private:
    void endHolder();
    void lookAtHolder();
    void chooseDirectory();
    QDialogButtonBox *makeButtons();

    const StartProblem m_problem;
    QLabel *m_text;
    QTimer m_holderWatch; // while the holder of the directory is to end
};

} // namespace gatehouse::app
