#pragma once

#include "base/secret.h"

#include <QString>

#include <memory>
#include <vector>

namespace gatehouse::base {

// Makes a text fit for a log: whatever looks like a key (`sk-…`, `AIza…`, a bearer credential, a
// `key=` parameter, a password in an address) is masked, and control characters are escaped, so
// that one message is one line. It is the second line of defence; the first is base::Secret.
QString redacted(const QString &text);

// Whose secrets are known; those of one are named apart from those of the other.
enum class SecretsOf { Channels, Integrations };

// Another one whenever redacted() may answer otherwise than before, for those who keep its answers: it is
// asked for first. Fit for every thread.
quint64 redactionRevision();

// What is masked by redacted() whatever it looks like, in the place of what was named of them before. Short
// ones are passed over: they would mask words. Fit for every thread.
void setKnownSecrets(const std::vector<Secret> &secrets, SecretsOf whose = SecretsOf::Channels);

class MaskRules;

// What people want masked besides, from here on and by redacted() too, as MaskRules reads it; made only
// where it is another text than before. What is not understood masks nothing. Fit for every thread.
void setMaskRules(const QString &rules);
// Null: there are none.
std::shared_ptr<const MaskRules> maskRules();

} // namespace gatehouse::base
