#pragma once

#include <QByteArray>
#include <QByteArrayList>
#include <QByteArrayView>

namespace gatehouse::domain {

// A stretch of a text; nothing was found: it has no length.
struct Stretch
{
    qsizetype at = 0;
    qsizetype length = 0;
};

// Where a text has the secret, from `from` on, each character of it spelled as it is or as JSON, the query
// of an address or HTML writes it (`\u002B`, `\/`, `%2B`, `&#x2B;`), also where JSON stands in JSON.
// `cutFrom` more than 0: the text may have been cut, so that so many bytes of the secret at its end are
// taken for the beginning of one.
Stretch
findSpelled(QByteArrayView text, QByteArrayView secret, qsizetype from = 0, qsizetype cutFrom = 0);

// What base64 makes of the secret wherever it stands in what was encoded: the characters that nothing
// before or behind it changes.
QByteArrayList base64Of(QByteArrayView secret);

// False: the text has the secret in no spelling, which is found out quickly.
bool maySpell(QByteArrayView text, QByteArrayView secret);

// Replaces the secret by asterisks in every spelling, in base64 and where the text was cut within it, with
// an ellipsis behind it or without.
void maskSpelled(QByteArray &text, const QByteArray &secret);

} // namespace gatehouse::domain
