#pragma once

#include <QList>
#include <QMap>
#include <QSslCertificate>
#include <QString>
#include <QStringList>

#include <optional>

namespace gatehouse::upstream {

// The authorities that SSL_CERT_FILE and SSL_CERT_DIR name, to OpenSSL's rule: the directories, which are a
// list like PATH, take the place of the system's; those of the file are trusted beside them. Absent: neither
// variable says anything that can be used, and the system's count. Reads files. What cannot be used is told in
// `problems`, as "VARIABLE: sentence".
std::optional<QList<QSslCertificate>> authoritiesFrom(const QMap<QString, QString> &environment,
                                                      QStringList *problems = nullptr);

// Makes them those of the whole program, where they are named. Called once, before the first connection.
// Returns the problems.
QStringList trustAuthoritiesOf(const QMap<QString, QString> &environment);

} // namespace gatehouse::upstream
