#include "secrets/secretsmessages.h"

using namespace Qt::StringLiterals;

namespace gatehouse::secrets {

namespace {

using State = StoreOutcome::State;

QString capitalised(const QString &text)
{
    return text.isEmpty() ? text : text.first(1).toUpper() + text.sliced(1);
}

// What the system said, as the end of a sentence.
QString reason(const StoreOutcome &outcome)
{
    return outcome.text.isEmpty() ? u"."_s : u": "_s + outcome.text + u'.';
}

SecretsFailure failure(SecretsProblem problem,
                       base::ErrorCode code,
                       const QString &message,
                       const QString &detail = {})
{
    return {.problem = problem, .error = {.code = code, .message = message, .detail = detail}};
}

QString waysToChoose(const SecretsEnvironment &environment)
{
    return u"Choose where the secrets are kept and start again, with one of\n"
           "  GATEHOUSE_SECRETS=file %1\n"
           "    (a file in the data directory that only this user can read: %2)\n"
           "  GATEHOUSE_MASTER_KEY_FILE=/path/to/key %1\n"
           "    (a key file of your own, made for example by: openssl rand -base64 48)\n"
           "or with LoadCredential=master-key:/path/to/key in the systemd unit."_s.arg(
               environment.command, environment.secretsFile);
}

SecretsFailure noKeychain(const SecretsEnvironment &environment, const StoreOutcome &outcome)
{
    return failure(SecretsProblem::NoSource,
                   base::ErrorCode::Unavailable,
                   u"There is no keychain here that could keep the secrets of Gatehouse. "_s
                       + waysToChoose(environment),
                   outcome.text);
}

// The outcomes that mean the same for reading and writing.
SecretsFailure trouble(const SecretsEnvironment &environment,
                       const QString &place,
                       const StoreOutcome &outcome,
                       SecretsProblem otherwise)
{
    switch (outcome.state) {
    case State::NoKeychain:
        return noKeychain(environment, outcome);
    case State::Locked:
        return failure(SecretsProblem::Locked,
                       base::ErrorCode::Unavailable,
                       u"%1 is locked. Unlock it, then start again with: %2"_s.arg(
                           capitalised(place), environment.command),
                       outcome.text);
    case State::Denied:
        return failure(SecretsProblem::Denied,
                       base::ErrorCode::Denied,
                       u"Gatehouse may not use %1%2"_s.arg(place, reason(outcome)));
    case State::TimedOut:
        return failure(
            SecretsProblem::TimedOut,
            base::ErrorCode::TimedOut,
            u"%1 did not answer in time. Look whether it waits for you to unlock it or to"
            " allow the access, then start again with: %2"_s.arg(capitalised(place),
                                                                 environment.command),
            outcome.text);
    default:
        return failure(
            otherwise,
            base::ErrorCode::Unavailable,
            otherwise == SecretsProblem::NotWritable
                ? u"New secrets could not be stored in %1%2"_s.arg(place, reason(outcome))
                : u"The secrets cannot be read from %1%2"_s.arg(place, reason(outcome)));
    }
    Q_UNREACHABLE();
}

} // namespace

QString describe(SecretSource source)
{
    switch (source) {
    case SecretSource::KeyFile:
        return u"the file that GATEHOUSE_MASTER_KEY_FILE named"_s;
    case SecretSource::Credential:
        return u"systemd's credential \"master-key\""_s;
    case SecretSource::File:
        return u"the file in the data directory (GATEHOUSE_SECRETS=file)"_s;
    case SecretSource::Keychain:
        return u"the keychain"_s;
    }
    Q_UNREACHABLE();
}

SecretsFailure
unreadable(const SecretsEnvironment &environment, const QString &place, const StoreOutcome &outcome)
{
    return trouble(environment, place, outcome, SecretsProblem::NotReadable);
}

SecretsFailure missing(const SecretsEnvironment &environment,
                       const SecretsRecord &record,
                       SecretSource source,
                       const QString &place)
{
    if (source == SecretSource::KeyFile || source == SecretSource::Credential) {
        return failure(SecretsProblem::Missing,
                       base::ErrorCode::NotFound,
                       u"%1 does not exist."_s.arg(capitalised(place)));
    }
    QString message =
        u"The secrets of this data are not in %1. Without them its channel keys and tokens cannot"
        " be read, so no new ones are made over it."_s.arg(place);
    if (record.source && *record.source != source) {
        message +=
            u" They were last read from %1; choose that again."_s.arg(describe(*record.source));
    } else {
        message += u" Restore %1 from a backup, then start again with: %2"_s.arg(
            place, environment.command);
    }
    return failure(SecretsProblem::Missing, base::ErrorCode::NotFound, message);
}

SecretsFailure damaged(const QString &place, const base::Error &error)
{
    return failure(
        SecretsProblem::Damaged,
        base::ErrorCode::InvalidInput,
        u"%1 (in %2) Nothing was changed; restore them from a backup."_s.arg(error.message, place));
}

SecretsFailure wrongKey(const SecretsRecord &record, SecretSource source, const QString &place)
{
    QString message =
        u"The master key from %1 is the wrong key: this data was sealed with another one. Nothing"
        " was changed."_s.arg(place);
    if (record.source && *record.source != source)
        message += u" The right key was last read from %1."_s.arg(describe(*record.source));
    return failure(SecretsProblem::WrongKey, base::ErrorCode::Denied, message);
}

SecretsFailure
unwritable(const SecretsEnvironment &environment, const QString &place, const StoreOutcome &outcome)
{
    return trouble(environment, place, outcome, SecretsProblem::NotWritable);
}

} // namespace gatehouse::secrets
