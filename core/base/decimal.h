#pragma once

#include <QByteArrayView>

#include <optional>

namespace gatehouse::base {

// The finite number that `text` is from its first character to its last, in digits with an optional
// minus, point and exponent; not "inf", no plus, no blanks. None where it is no number or one that no
// double holds, by its size or by its nearness to zero. Stands for std::from_chars, which not every
// standard library has for a double.
std::optional<double> decimalOf(QByteArrayView text);

} // namespace gatehouse::base
