#pragma once

#include <QByteArray>

namespace gatehouse::base {

// What the ways to log have in common; for those of this folder alone.

// "2026-01-31T12:00:00.000Z"
QByteArray logTime();
// `text` between quotation marks, as JSON has it.
void appendJsonText(QByteArray &line, QByteArrayView text);

} // namespace gatehouse::base
