#pragma once

#include "base/secret.h"

#include <QList>
#include <QString>
#include <QStringList>

namespace gatehouse::admin {

// What a pasted text says of a channel. What is empty was not in it.
struct RecognizedChannel
{
    enum class Form { Nothing, Keys, CurlCommand, Environment, Link };

    Form form = Form::Nothing;
    // Of domain::providerTypes(); 0: the text does not tell. Of several keys, that of the first that tells.
    int type = 0;
    QString name{};
    QString baseUrl{};
    QList<base::Secret> keys{};
    QStringList models{};
    QStringList leftOut{}; // names of variables with keys that are not of that type
    QString variable{};    // of the shell, which a command names in place of the key

    bool isEmpty() const { return form == Form::Nothing; }
};

// Recognises keys (one a line, of which one at least has a form that is known), a cURL command, lines of
// a `.env` file, and links of the kinds `gatehouse://v1/import…`, `ccswitch://v1/import…` and
// `ccr://provider…`. Blanks, quotes and zero-width characters around keys are dropped. Takes any text
// and believes none of it: links lead nowhere, and nothing is executed or looked up.
RecognizedChannel recognizeChannel(const QString &text);

// The type of provider that a key's form tells; 0: any may have made it.
int providerTypeOfKey(QByteArrayView key);
// Whether both are certain: which provider made the key, and that its keys are none of `type`, whose
// own have a form, too.
bool isKeyOfAnother(QByteArrayView key, int type);
// The type whose own address has that host; 0: none.
int providerTypeOfHost(const QString &host);

} // namespace gatehouse::admin
