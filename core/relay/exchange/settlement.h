#pragma once

#include "domain/catalog.h"
#include "domain/pricing.h"
#include "protocol/peek.h"
#include "relay/admission/admission.h"

namespace gatehouse::relay {

// The price that applies to a request, after the setting for models without one.
struct AppliedPrice
{
    domain::ModelPrice price{}; // of the moment it was asked for
    bool unpriced = false;      // it has none, and that is worth a flag
    bool refused = false;       // it has none, and is not served for that
};

// What that price is multiplied by.
domain::PriceFactors factorsFor(const domain::CatalogGroup &group,
                                const domain::CatalogChannel &channel);

// Of what is asked for as `model`, or was under `providerModel`, by a request that begins at that moment
// (milliseconds since 1970). A price of either name goes before one of a pattern, and the provider's name
// before the other.
AppliedPrice priceFor(const domain::Catalog &catalog,
                      const domain::CatalogChannel &channel,
                      const QByteArray &model,
                      qint64 begunAt);
AppliedPrice priceFor(const domain::Catalog &catalog,
                      const domain::CatalogChannel &channel,
                      const QByteArray &model,
                      const QByteArray &providerModel,
                      qint64 begunAt);
// The same with its windows, of those that are in force at `at`; null: there is none.
const domain::ModelPrice *listedPrice(const domain::Catalog &catalog,
                                      const domain::CatalogChannel &channel,
                                      const QByteArray &model,
                                      const QByteArray &providerModel,
                                      qint64 at);

// What providers count at most for one of the pictures that are asked for, where they count tokens.
qint64 pictureTokens(const protocol::Peek &peek);
// About what they count for the sound of a text that is read aloud.
qint64 speechTokens(const protocol::Peek &peek);
// True if pictures (or speech) cost as much as the tokens that they are made of.
bool isMediaPaidByTokens(const domain::ModelPrice &price, protocol::Operation operation);
// False where the answer has vectors or verdicts alone.
bool hasOutputTokens(protocol::Operation operation);

// What a request that begins at that moment may cost at the dearest of the channels that could serve it.
// It is settled at the prices of the same moment, so that what is held back is enough for them.
Estimate estimateFor(const domain::Catalog &catalog,
                     const domain::CatalogGroup &group,
                     const domain::Candidates &candidates,
                     const protocol::Peek &peek,
                     qint64 begunAt);

} // namespace gatehouse::relay
