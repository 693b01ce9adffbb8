#pragma once

#include <QString>

namespace gatehouse::ui {

// The term of a filter that means a value as it is, such as the name of a model. A comma would
// separate alternatives and a quotation mark end the value, so any character stands for them.
QString exactTerm(const QString &key, QString value, bool excluded = false);

} // namespace gatehouse::ui
