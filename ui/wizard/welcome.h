#pragma once

#include "admin/channels/discovery.h"
#include "widgets/services.h"

#include <QDialog>
#include <QPointer>

#include <functional>

class QPushButton;
class QStackedWidget;

namespace gatehouse::ui {

class DialogFooter;
class DoneStep;
class FoundStep;
class PeopleStep;
class ReachStep;
class Setup;
class StepBar;
class WizardStep;

// What the first run needs from the program.
struct WelcomeHooks
{
    QMap<QString, QString> environment{};
    std::vector<admin::DiscoveryPlace> places = admin::discoveryPlaces();
    QStringList files{}; // of other programs, which are looked at whether they are there or not
    // A dialog in which a channel is entered; the caller of it opens it. Empty: not offered.
    std::function<QDialog *(QWidget *parent)> addChannel{};
    QString language{};   // "en", "zh_CN"; empty: the system's
    bool isAgain = false; // it was asked for later: there may be data, which stays as it is
};

// The first run: four screens, which can be skipped. Nothing is stored before the last one is reached,
// but for the language, which takes effect at once. Opened again later, it begins with what is chosen,
// and makes a token only where there is none; it is closed at once unless something was chosen.
class Welcome : public QDialog
{
    Q_OBJECT

public:
    Welcome(const Services &services, const WelcomeHooks &hooks, QWidget *parent = nullptr);

    int step() const;
    FoundStep &found() { return *m_found; }

    void reject() override;

signals:
    void languageChosen(const QString &language);
    // What was chosen is done; the last step is still shown.
    void carriedOut();

private:
    void build();
    void addChannel();
    void goOn();
    void goBack();
    void showStep(int step);
    void applyChoices();
    void skip();
    static QString againText();
    bool isForSeveral() const;
    bool needsToken() const;
    bool isChanged() const;
    void ask(QDialog *question);
    void refresh();
    void setTexts();

    const Services m_services;
    const WelcomeHooks m_hooks;
    QList<WizardStep *> m_steps{};
    StepBar *m_bar;
    QStackedWidget *m_stack;
    PeopleStep *m_people;
    FoundStep *m_found;
    ReachStep *m_reach;
    DoneStep *m_done;
    Setup *m_setup;
    QPointer<QDialog> m_question{}; // whether to skip the rest
    const bool m_wasForSeveral;
    QPushButton *m_skip = nullptr;
    QPushButton *m_back = nullptr;
    QPushButton *m_continue = nullptr;
    bool m_isApplying = false;
};

} // namespace gatehouse::ui
