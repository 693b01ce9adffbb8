#pragma once

#include "admin/flow.h"
#include "base/secret.h"

#include <QObject>

#include <chrono>
#include <stop_token>

namespace gatehouse::admin {

// A short chat as a program on this computer would send it.
struct TrialOrder
{
    QString url{};          // of the gateway: http://127.0.0.1:3000
    base::Secret key{};     // of a token, with or without its "sk-"
    QString model{};        // as the gateway knows it
    QByteArray authority{}; // PEM, for https; empty: the system's
    QString text = QStringLiteral("Say hello in one short sentence.");
};

struct TrialAnswer
{
    bool answered = false;
    int httpStatus = 0;   // 0: the gateway was not reached
    base::Message text{}; // what the model says, or why there is no answer
    std::chrono::milliseconds elapsed{0};
};

// Sends a message through the gateway by its own address, so that everything between a client and a
// provider takes part: listener, certificate, token, route, ledger. Lives in the main thread; the call
// runs in a worker.
class TrialMessage : public QObject
{
    Q_OBJECT

public:
    static constexpr std::chrono::milliseconds patience{60'000};

    explicit TrialMessage(QObject *parent = nullptr);
    ~TrialMessage() override;

    // Whatever the gateway or the provider does is a value.
    Answer<TrialAnswer> send(TrialOrder order, std::chrono::milliseconds limit = patience);

private:
    std::stop_source m_stop;
    QThreadPool m_pool;
};

} // namespace gatehouse::admin
