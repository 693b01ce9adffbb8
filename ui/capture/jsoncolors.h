#pragma once

#include <QTextLayout>

namespace gatehouse::ui {

// Where in a JSON text one is, as far as that matters for its colours.
struct JsonPlace
{
    bool inString = false;
    bool isEscaped = false; // behind a backslash

    // Past that character. No string goes on beyond the end of a line.
    void pass(QChar c);
    bool operator==(const JsonPlace &) const = default;
};

// The colours of one line, which begins at that place: of names, texts, numbers and words.
QList<QTextLayout::FormatRange> jsonColors(const QString &line, JsonPlace place);

} // namespace gatehouse::ui
