#pragma once

#include "secrets/secretstore.h"

#include <QObject>
#include <QTimer>

#include <chrono>
#include <optional>

namespace QKeychain { // NOLINT(readability-identifier-naming): the library's
class Job;
}

namespace gatehouse::secrets {

class SecretServiceProbe;

// One read, write or removal in the keychain, from its start to its answer. It deletes itself after
// the answer; deleting it before means that nobody wants the answer any more.
class KeychainCall final : public QObject
{
    Q_OBJECT

public:
    enum class Operation { Read, Write, Remove };

    KeychainCall(Operation operation,
                 const QString &service,
                 const QString &key,
                 StoreAnswer answer,
                 QObject *parent);
    ~KeychainCall() override;

    // `item` is what a write stores.
    void start(const base::Secret &item, std::chrono::milliseconds limit);

private:
    // What the job ended with; kept, since the job deletes itself.
    struct Report
    {
        int error = 0; // QKeychain::Error
        QString text{};
        base::Secret item{};
    };

    QKeychain::Job *makeJob(const base::Secret &item) const;
    void jobFinished(QKeychain::Job *job);
    void timedOut();
    void answerIfDecided();
    bool isDecided() const;
    StoreOutcome outcome() const;
    void answer(const StoreOutcome &outcome);

    const Operation m_operation;
    const QString m_service;
    const QString m_key;
    StoreAnswer m_answer;
    QTimer m_limit;
    std::optional<Report> m_report;
    SecretServiceProbe *m_probe = nullptr; // a child, where there is a Secret Service to ask
};

} // namespace gatehouse::secrets
