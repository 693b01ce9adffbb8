#include "secrets/secretsmessages.h"

namespace gatehouse::secrets {

using base::Message;

namespace {

// The sentence, with what the system said.
Message withReason(const Message &sentence, const StoreOutcome &outcome)
{
    return outcome.text.isEmpty() ? sentence : Message::tr("%1 (%2)").arg(sentence, outcome.text);
}

using State = StoreOutcome::State;

SecretsFailure failure(SecretsProblem problem,
                       base::ErrorCode code,
                       const base::Message &message,
                       const QString &detail = {})
{
    return {.problem = problem, .error = {.code = code, .message = message, .detail = detail}};
}

Message waysToChoose(const SecretsEnvironment &environment)
{
    return Message::tr(
               "Choose where the secrets are kept and start again, with one of\n"
               "  GATEHOUSE_SECRETS=file %1\n"
               "    (a file in the data directory that only this user can read: %2)\n"
               "  GATEHOUSE_MASTER_KEY_FILE=/path/to/key %1\n"
               "    (a key file of your own, made for example by: openssl rand -base64 48)\n"
               "or with LoadCredential=master-key:/path/to/key in the systemd unit.")
        .arg(environment.command, environment.secretsFile);
}

SecretsFailure noKeychain(const SecretsEnvironment &environment, const StoreOutcome &outcome)
{
    return failure(
        SecretsProblem::NoSource,
        base::ErrorCode::Unavailable,
        Message::tr("There is no keychain here that could keep the secrets of Gatehouse. %1")
            .arg(waysToChoose(environment)),
        outcome.text.english());
}

// The outcomes that mean the same for reading and writing.
SecretsFailure trouble(const SecretsEnvironment &environment,
                       const base::Message &place,
                       const StoreOutcome &outcome,
                       SecretsProblem otherwise)
{
    switch (outcome.state) {
    case State::NoKeychain:
        return noKeychain(environment, outcome);
    case State::Locked:
        return failure(
            SecretsProblem::Locked,
            base::ErrorCode::Unavailable,
            Message::tr(
                "The secrets are in %1, which is locked. Unlock it, then start again with: %2")
                .arg(place, environment.command),
            outcome.text.english());
    case State::Denied:
        return failure(SecretsProblem::Denied,
                       base::ErrorCode::Denied,
                       withReason(Message::tr("Gatehouse may not use %1.").arg(place), outcome));
    case State::TimedOut:
        return failure(
            SecretsProblem::TimedOut,
            base::ErrorCode::TimedOut,
            Message::tr(
                "The secrets are in %1, which did not answer in time. Look whether it waits for "
                "you to unlock it or to allow the access, then start again with: %2")
                .arg(place, environment.command),
            outcome.text.english());
    default:
        return failure(
            otherwise,
            base::ErrorCode::Unavailable,
            otherwise == SecretsProblem::NotWritable
                ? withReason(Message::tr("New secrets could not be stored in %1.").arg(place),
                             outcome)
                : withReason(Message::tr("The secrets cannot be read from %1.").arg(place),
                             outcome));
    }
    Q_UNREACHABLE();
}

} // namespace

Message describe(SecretSource source)
{
    switch (source) {
    case SecretSource::KeyFile:
        return Message::tr("the file that GATEHOUSE_MASTER_KEY_FILE named");
    case SecretSource::Credential:
        return Message::tr("systemd's credential \"master-key\"");
    case SecretSource::File:
        return Message::tr("the file in the data directory (GATEHOUSE_SECRETS=file)");
    case SecretSource::Keychain:
        return Message::tr("the keychain");
    }
    Q_UNREACHABLE();
}

SecretsFailure unreadable(const SecretsEnvironment &environment,
                          const base::Message &place,
                          const StoreOutcome &outcome)
{
    return trouble(environment, place, outcome, SecretsProblem::NotReadable);
}

SecretsFailure missing(const SecretsEnvironment &environment,
                       const SecretsRecord &record,
                       SecretSource source,
                       const base::Message &place)
{
    if (source == SecretSource::KeyFile || source == SecretSource::Credential) {
        return failure(
            SecretsProblem::Missing,
            base::ErrorCode::NotFound,
            Message::tr("The secrets are to be read from %1, which does not exist.").arg(place));
    }
    const Message remedy = record.source && *record.source != source
                               ? Message::tr("They were last read from %1; choose that again.")
                                     .arg(describe(*record.source))
                               : Message::tr("Restore %1 from a backup, then start again with: %2")
                                     .arg(place, environment.command);
    return failure(SecretsProblem::Missing,
                   base::ErrorCode::NotFound,
                   Message::tr("The secrets of this data are not in %1. Without them its channel "
                               "keys and tokens cannot"
                               " be read, so no new ones are made over it. %2")
                       .arg(place, remedy));
}

SecretsFailure damaged(const base::Message &place, const base::Error &error)
{
    return failure(SecretsProblem::Damaged,
                   base::ErrorCode::InvalidInput,
                   Message::tr("%1 (in %2) Nothing was changed; restore them from a backup.")
                       .arg(error.message, place));
}

SecretsFailure
wrongKey(const SecretsRecord &record, SecretSource source, const base::Message &place)
{
    Message message = Message::tr("The master key from %1 is the wrong key: this data was sealed "
                                  "with another one. Nothing"
                                  " was changed.")
                          .arg(place);
    if (record.source && *record.source != source) {
        message = Message::tr("%1 The right key was last read from %2.")
                      .arg(message, describe(*record.source));
    }
    return failure(SecretsProblem::WrongKey, base::ErrorCode::Denied, message);
}

SecretsFailure unwritable(const SecretsEnvironment &environment,
                          const base::Message &place,
                          const StoreOutcome &outcome)
{
    return trouble(environment, place, outcome, SecretsProblem::NotWritable);
}

} // namespace gatehouse::secrets
