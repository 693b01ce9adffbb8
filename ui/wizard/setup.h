#pragma once

#include "admin/flow.h"
#include "domain/channel.h"
#include "domain/token.h"
#include "widgets/services.h"

#include <QObject>

#include <optional>

namespace gatehouse::ui {

// What a person has chosen on the first run.
struct SetupChoices
{
    bool several = false; // several people use it
    std::vector<domain::Channel> channels{};
    QStringList files{}; // of other programs, to be imported
    QString listen{};    // of the setting server.listen; empty: it stays
    QString tls{};       // of server.tls; empty: it stays. Without it in force, `listen` stays, too
    base::Secret password{}; // of root; empty: it stays
    QString tokenName{};     // empty: none is made
};

// What came of it.
struct SetupOutcome
{
    // In the order of the choices; absent: it could not be made.
    std::vector<std::optional<domain::Channel>> channels{};
    std::optional<domain::Token> token{}; // with its key
    QStringList problems{};               // sentences; what else was chosen is done all the same
};

// Carries out the choices of the first run, one after the other. Lives in the main thread.
class Setup : public QObject
{
    Q_OBJECT

public:
    explicit Setup(const Services &services, QObject *parent = nullptr);

    // Answered by finished(), once.
    void apply(const SetupChoices &choices);

signals:
    void finished(const gatehouse::ui::SetupOutcome &outcome);

private:
    void makeNextChannel();
    void importNextFile();
    void storeTls();
    void storeListen();
    void storePassword();
    void makeToken();
    void restart();
    // Notes what failed and goes on.
    template<typename T>
    void follow(admin::Answer<T> answer, void (Setup::*next)());

    const Services m_services;
    SetupChoices m_choices{};
    SetupOutcome m_outcome{};
    qsizetype m_nextFile = 0;
};

} // namespace gatehouse::ui
