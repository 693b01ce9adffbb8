#pragma once

#include "admin/foundation.h"
#include "admin/prices/ratios.h"

#include <QObject>

#include <memory>
#include <stop_token>
#include <vector>

namespace gatehouse::admin {

// A price in force, or one that a person gave for later or took the place of.
struct PriceListing
{
    domain::ModelPrice price{}; // with source and dates
    domain::PriceState state = domain::PriceState::InForce;
    bool lacksRate = false; // of its currency, so that it cannot be charged
    QStringList channels{}; // the names of those that it is in force for; empty: unused
    std::vector<domain::ChannelId> channelIds{}; // the same
};

// What is to stand as the edited price of a model from that date on, through a channel or through all.
struct EditedPrice
{
    QByteArray model{};
    std::optional<domain::ChannelId> channel{};
    qint64 effectiveFrom = 0;
    std::optional<domain::ModelPrice> price{}; // absent: none, so that the one before is in force
    bool restored = false;                     // it stood there before; its currency needs no rate
};

// A model that has no price now and is offered, or was used without one within the last 30 days.
struct UnpricedModel
{
    QByteArray model{};     // the provider's name
    QStringList channels{}; // that offer it now
    qint64 requests = 0;    // unpriced ones, within 30 days
    qint64 lastUsed = 0;    // milliseconds since 1970, UTC; 0: not within 30 days
};

// Which records are to be priced anew.
struct RecalculationRange
{
    qint64 since = 0;           // milliseconds since 1970, UTC; inclusive
    qint64 until = 0;           // exclusive
    QByteArray providerModel{}; // empty: all
};

struct Recalculation
{
    qint64 id = 0;      // for undoRecalculation(); 0: a preview
    qint64 records = 0; // that were looked at
    qint64 changed = 0;
    domain::Cost before{}; // of those that change
    domain::Cost after{};
    bool undone = false;
    bool cancelled = false;               // before all of the range was looked at
    std::optional<base::Error> problem{}; // that ended it early; what was changed until then stays
};

// The prices. Lives in the main thread.
class PriceService : public QObject
{
    Q_OBJECT

public:
    explicit PriceService(const Foundation &foundation, QObject *parent = nullptr);

    // Those that a person edited.
    Answer<std::vector<domain::ModelPrice>> edited();
    // As of now. Takes the place of the one of the same date; others stay. Refuses negative prices,
    // and currencies without a rate.
    Answer<> save(domain::ModelPrice price);
    // Undoes a change: the same, as of the former date, and whether there is a rate or not.
    Answer<> restore(domain::ModelPrice price);
    // All of them or none; dates stay as they are given. One that is absent already is no failure.
    Answer<> edit(std::vector<EditedPrice> prices);
    // Without a date all that it had: back to the built-in price, if there is one.
    Answer<> remove(const QByteArray &model,
                    std::optional<domain::ChannelId> channel,
                    std::optional<qint64> effectiveFrom = {});

    // Those in force for what channels offer, and edited ones that nothing uses; by model.
    Answer<std::vector<PriceListing>> inForce();
    // Those and the edited ones of the past and of the future.
    Answer<std::vector<PriceListing>> all();
    Answer<std::vector<UnpricedModel>> unpriced();

    // Prices ledger records that are there by what was in force when each request began, or by what is in
    // force now where its model had no price then, those in other currencies at the rates of now; one run at
    // a time, else Conflict.
    // Cost and charge of the records change; balances and counters stay, since they were paid. Runs in
    // slices, between which other writes go on; the former figures are kept. Passed over are pictures,
    // whose size the ledger does not know, and what has a cost but is of a model without a price now.
    // A preview that is stopped is answered as cancelled, with what was read until then.
    Answer<Recalculation> previewRecalculation(RecalculationRange range, std::stop_token stop = {});
    Answer<Recalculation> recalculate(RecalculationRange range);
    // Ends the recalculation that runs, if any, after the slice that is being stored. It is answered as
    // cancelled; what it changed until then stays, and can be undone.
    void cancelRecalculation();
    bool canCancelRecalculation() const { return !m_run.expired(); }
    // Or is being undone.
    bool isRecalculating() const { return m_recalculating; }
    Answer<Recalculation> undoRecalculation(qint64 id);
    // The newest first.
    Answer<std::vector<Recalculation>> recalculations();

    // The edited prices, and those in force of the models that channels name.
    Answer<std::vector<NamedPrice>> named();
    // Makes the view be as given: what differs from it is edited. Models that are missing get back
    // their built-in price (of RatioKind::Model and ::Call) or stay as they are.
    Answer<> setRatios(RatioKind kind, Ratios ratios);

signals:
    // Of a recalculation that is under way.
    void recalculating(qint64 id, qint64 records);
    // It, or its undoing, is over.
    void recalculationEnded();

private:
    struct Run;

    void recalculateNext(std::shared_ptr<Run> run);
    void recalculateSlice(std::shared_ptr<Run> run);
    void endRecalculation(std::shared_ptr<Run> run, const base::Result<> &outcome);
    void undoSlice(std::shared_ptr<Run> run);

    base::Result<> checkCurrency(const domain::ModelPrice &price) const;

    const Foundation m_base;
    bool m_recalculating = false;
    std::weak_ptr<Run> m_run{}; // that can be cancelled
};

base::Result<> validate(const domain::ModelPrice &price);

} // namespace gatehouse::admin
