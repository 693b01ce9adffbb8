#pragma once

#include "base/result.h"
#include "base/secret.h"

#include <QMap>
#include <QStringList>

namespace gatehouse::app {

// The variables as the rest of the program reads them: GATEHOUSE_SERVER__LISTEN becomes
// GATEHOUSE_SERVER_LISTEN, GATEHOUSE_DATABASE_FILE what stands in that file. Refuses a variable that says
// something else in another spelling, a secret that is given twice, and GATEHOUSE_MASTER_KEY, which every child
// process would inherit.
base::Result<QMap<QString, QString>> canonicalEnvironment(QMap<QString, QString> environment);

// Variables that hold secrets. With _FILE behind its name each is that of a file that holds it.
const QStringList &secretVariables();
// Whether the variable or its twin is there and not empty.
bool hasSecretVariable(const QMap<QString, QString> &environment, const QString &name);
// What the variable holds, or the first line of the file that its twin names; empty: neither is there.
base::Result<base::Secret> secretVariable(const QMap<QString, QString> &environment,
                                          const QString &name);

} // namespace gatehouse::app
