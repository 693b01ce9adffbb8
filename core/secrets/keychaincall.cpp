#include "secrets/keychaincall.h"

#include <qt6keychain/keychain.h>

#include <utility>

#if defined(Q_OS_UNIX) && !defined(Q_OS_DARWIN)
#define GATEHOUSE_HAS_SECRET_SERVICE
#include "secrets/secretservice.h"
#endif

using namespace Qt::StringLiterals;

namespace gatehouse::secrets {

namespace {

using State = StoreOutcome::State;

// What the platform knows beside QtKeychain's error.
enum class Hint { None, Nowhere, Locked };

#ifdef GATEHOUSE_HAS_SECRET_SERVICE
Hint hintOf(SecretServiceState state)
{
    switch (state) {
    case SecretServiceState::NoService:
    case SecretServiceState::NoCollection:
        return Hint::Nowhere;
    case SecretServiceState::Locked:
        return Hint::Locked;
    case SecretServiceState::Unknown:
    case SecretServiceState::Open:
        break;
    }
    return Hint::None;
}
#endif

} // namespace

KeychainCall::KeychainCall(Operation operation,
                           const QString &service,
                           const QString &key,
                           StoreAnswer answer,
                           QObject *parent)
    : QObject(parent)
    , m_operation(operation)
    , m_service(service)
    , m_key(key)
    , m_answer(std::move(answer))
{
    m_limit.setSingleShot(true);
    connect(&m_limit, &QTimer::timeout, this, &KeychainCall::timedOut);
}

KeychainCall::~KeychainCall() = default;

// The job has no parent: one that hangs must outlive this call, since QtKeychain works off its jobs in
// a queue and would be left with a pointer to nowhere.
void KeychainCall::start(const base::Secret &item, std::chrono::milliseconds limit)
{
    m_limit.start(limit);
#ifdef GATEHOUSE_HAS_SECRET_SERVICE
    m_probe = new SecretServiceProbe(m_service, m_key, this);
    connect(m_probe, &SecretServiceProbe::finished, this, &KeychainCall::answerIfDecided);
    m_probe->start();
#endif
    QKeychain::Job *job = makeJob(item);
    connect(job, &QKeychain::Job::finished, this, &KeychainCall::jobFinished);
    job->start();
}

QKeychain::Job *KeychainCall::makeJob(const base::Secret &item) const
{
    QKeychain::Job *job = nullptr;
    switch (m_operation) {
    case Operation::Read:
        job = new QKeychain::ReadPasswordJob(m_service);
        break;
    case Operation::Write: {
        const auto write = new QKeychain::WritePasswordJob(m_service);
        write->setTextData(QString::fromLatin1(item.reveal()));
        job = write;
        break;
    }
    case Operation::Remove:
        job = new QKeychain::DeletePasswordJob(m_service);
        break;
    }
    job->setAutoDelete(true);
    job->setInsecureFallback(false);
    job->setKey(m_key);
    return job;
}

void KeychainCall::jobFinished(QKeychain::Job *job)
{
    Report report{.error = job->error(), .text = job->errorString()};
    if (const auto read = qobject_cast<QKeychain::ReadPasswordJob *>(job))
        report.item = base::Secret(read->textData());
    m_report = std::move(report);
    answerIfDecided();
}

void KeychainCall::timedOut()
{
    answer(outcome());
}

void KeychainCall::answerIfDecided()
{
    if (m_answer && isDecided())
        answer(outcome());
}

// A failure is understood with the probe's help. So is a removal, since libsecret reports a success
// when it has not even looked into a locked collection.
bool KeychainCall::isDecided() const
{
    if (!m_report)
        return false;
    if (m_report->error == QKeychain::NoError && m_operation != Operation::Remove)
        return true;
#ifdef GATEHOUSE_HAS_SECRET_SERVICE
    return m_probe->isFinished();
#else
    return true;
#endif
}

StoreOutcome KeychainCall::outcome() const
{
    Hint hint = Hint::None;
#ifdef GATEHOUSE_HAS_SECRET_SERVICE
    hint = hintOf(m_probe->state());
#endif
    const bool succeeded = m_report && m_report->error == QKeychain::NoError;
    if (succeeded && m_operation == Operation::Read)
        return {.state = State::Found, .item = m_report->item};
    if (succeeded && (m_operation == Operation::Write || hint != Hint::Locked))
        return {.state = State::Written};

    const auto text = base::Message::verbatim(m_report ? m_report->text : QString());
    if (hint == Hint::Locked)
        return {.state = State::Locked, .text = text};
    if (!m_report) {
        return {.state = hint == Hint::Nowhere ? State::NoKeychain : State::TimedOut,
                .text = base::Message::tr("no answer in time")};
    }
    switch (m_report->error) {
    case QKeychain::EntryNotFound:
        return {.state = m_operation == Operation::Remove ? State::Written : State::Absent};
    case QKeychain::AccessDeniedByUser:
    case QKeychain::AccessDenied:
        return {.state = State::Denied, .text = text};
    case QKeychain::NoBackendAvailable:
    case QKeychain::NotImplemented:
        return {.state = State::NoKeychain, .text = text};
    default:
        break;
    }
    // Without a service, and without a collection to store the item in, every other error means that.
    return {.state = hint == Hint::Nowhere ? State::NoKeychain : State::Failed, .text = text};
}

void KeychainCall::answer(const StoreOutcome &outcome)
{
    m_limit.stop();
    deleteLater();
    const StoreAnswer answer = std::exchange(m_answer, nullptr);
    answer(outcome);
}

} // namespace gatehouse::secrets
