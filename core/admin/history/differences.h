#pragma once

#include "domain/history.h"
#include "domain/modelprice.h"
#include "domain/modelrouting.h"
#include "domain/token.h"

namespace gatehouse::admin {

// What differs between two states of an object, field by field, without secrets: of a key, a header, a body and
// the like it is told that they changed. To tell of a new one, `before` is a default one.

// What the program measures is left out. Of the keys those with a secret are new; see
// storage::ChannelRepository::update().
domain::FieldChanges differences(const domain::Channel &before, const domain::Channel &after);
domain::FieldChanges differences(const domain::User &before, const domain::User &after);
domain::FieldChanges differences(const domain::Token &before, const domain::Token &after);
domain::FieldChanges differences(const domain::ModelRouting &before,
                                 const domain::ModelRouting &after);
// Prices in dollars, or in their currency, for a million tokens.
domain::FieldChanges differences(const domain::ModelPrice &before, const domain::ModelPrice &after);
// Two values of the setting; what may be a secret is hidden.
domain::FieldChanges settingChange(const QString &key, const QString &before, const QString &after);

} // namespace gatehouse::admin
