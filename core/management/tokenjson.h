#pragma once

#include "admin/people/tokenservice.h"

#include <QJsonObject>

namespace gatehouse::management {

enum class KeyView { Whole, Masked };

// A token as One API shows one, with its limits beside. The key has no "sk-".
QJsonObject tokenJson(const domain::Token &token, KeyView view, qint64 now);

// Reads One API's members, and New API's where they say the same under another name. What is absent
// stays as it is.
base::Result<> readToken(const QJsonObject &json, domain::Token &token);

} // namespace gatehouse::management
