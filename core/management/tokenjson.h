#pragma once

#include "admin/people/tokenservice.h"

#include <QJsonObject>

namespace gatehouse::management {

enum class KeyView { Whole, Masked };

// A token as One API shows one, with its limits beside. The key has no "sk-".
QJsonObject tokenJson(const domain::Token &token, KeyView view, qint64 now);

// Reads One API's members, and New API's where they say the same under another name. What is absent
// stays as it is. `now` in seconds since 1970, UTC.
base::Result<> readToken(const QJsonObject &json, domain::Token &token, qint64 now);

} // namespace gatehouse::management
