#pragma once

#include "admin/configs/configfile.h"

#include <QStringList>

namespace gatehouse::admin {

// What tests of configurations of other programs have in common.

// Whatever is read is said to be of this file.
inline const QString path = QStringLiteral("/tmp/the-file");

inline ConfigContent read(const QByteArray &text, const Variables &variables = {})
{
    auto content = readConfig(path, text, variables);
    if (!content)
        qWarning("%s", qPrintable(content.error().message.english()));
    return content ? std::move(*content) : ConfigContent();
}

inline QByteArray keyOf(const ProposedChannel &one)
{
    return one.channel.keys.isEmpty() ? QByteArray() : one.channel.keys.front().secret.reveal();
}

inline QString notesOf(const ProposedChannel &one)
{
    QStringList notes;
    for (const base::Message &note : one.notes)
        notes.append(note.english());
    return notes.join(u' ');
}

// A model of LiteLLM.
inline QByteArray entry(const QByteArray &name, const QByteArray &params)
{
    return "  - model_name: " + name + "\n    litellm_params: {" + params + "}\n";
}

} // namespace gatehouse::admin
