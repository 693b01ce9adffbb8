#pragma once

#include "admin/channels/channelservice.h"

#include "widgets/table/tablereorder.h"

#include <QList>

namespace gatehouse::ui {

// The priorities that change so that rows come to stand elsewhere. `shown` is all channels, the highest
// priority first; `moved` are rows of it, ascending, that are to stand before row `before` (its size: at
// the end).
//
// Channels of one priority stay together, those that are moved and those that are not. What is dropped
// between channels of another priority joins them; what is moved within its own priority leaves it, for
// the side towards which it was moved.
std::vector<admin::ChannelPriority>
reordered(const std::vector<admin::ChannelPriority> &shown, const QList<int> &moved, int before);

// Where they come to stand by that: what joins a tier stands anywhere in it.
DropPlace
dropPlace(const std::vector<admin::ChannelPriority> &shown, const QList<int> &moved, int before);

} // namespace gatehouse::ui
