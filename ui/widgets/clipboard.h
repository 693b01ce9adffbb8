#pragma once

#include "base/secret.h"

#include <QString>

#include <chrono>

namespace gatehouse::ui {

// The clipboard of the system; main thread.
void copyText(const QString &text);
// Marked so that managers of clipboards do not keep it, and taken out again after `lifetime` unless
// something else was copied meanwhile. Zero: it stays.
void copySecret(const base::Secret &secret, std::chrono::milliseconds lifetime);
// For the time of setSecretLifetime().
void copySecret(const base::Secret &secret);
// For how long secrets stay in the clipboard; 30 seconds at first.
void setSecretLifetime(std::chrono::milliseconds lifetime);
std::chrono::milliseconds secretLifetime();

} // namespace gatehouse::ui
