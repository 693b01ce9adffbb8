#pragma once

#include "admin/channels/discovery.h"
#include "widgets/fields/searchablelist.h"

namespace gatehouse::ui {

// A choice of the gallery of providers.
struct ProviderChoice
{
    int type = 0;
    // The provider's own address is not meant: one that speaks as it does.
    bool isCompatible = false;
    int found = -1; // the place in the list of what runs on this computer
};

// The entries of the gallery: what runs here, what most use, the rest, and any other address.
// `always` is a type that is in it even if no new channel is made of it; 0: none.
QList<ListEntry> providerEntries(const std::vector<admin::FoundProvider> &found, int always = 0);
QString choiceId(const ProviderChoice &choice);
ProviderChoice choiceFrom(const QString &id);
// The provider's name; of a compatible one, what it is compatible with.
QString choiceName(const ProviderChoice &choice);

} // namespace gatehouse::ui
