#pragma once

#include <QString>

namespace gatehouse::base {

// Makes a text fit for a log: whatever looks like a key (`sk-…`, `AIza…`, a bearer credential, a
// `key=` parameter, a password in an address) is masked, and control characters are escaped, so
// that one message is one line. It is the second line of defence; the first is base::Secret.
QString redacted(const QString &text);

} // namespace gatehouse::base
