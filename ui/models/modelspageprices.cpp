// What the Models page does to prices, each as one command that can be taken back.
#include "admin/administration.h"
#include "models/modelspage.h"
#include "models/pricedialog.h"
#include "widgets/format.h"
#include "widgets/table/filterfield.h"
#include "widgets/table/tableview.h"
#include "widgets/undostack.h"

#include <QMenu>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

// The part of the price that a column edits.
std::optional<PricePart> partOf(const QString &columnKey)
{
    static const QMap<QString, PricePart> parts{{u"input"_s, PricePart::Input},
                                                {u"output"_s, PricePart::Output},
                                                {u"cacheread"_s, PricePart::CacheRead},
                                                {u"cachewrite"_s, PricePart::CacheWrite},
                                                {u"cachewritelong"_s, PricePart::CacheWriteLong},
                                                {u"reasoning"_s, PricePart::Reasoning}};
    const auto found = parts.constFind(columnKey);
    return found == parts.constEnd() ? std::nullopt : std::optional(*found);
}

// Without a channel: for all of them.
LiveText madeText(const QString &model, const QString &channel)
{
    return [model, channel] {
        return channel.isEmpty() ? ModelsPage::tr("Made a price of %1").arg(Format::quoted(model))
                                 : ModelsPage::tr("Made a price of %1 for %2")
                                       .arg(Format::quoted(model), Format::quoted(channel));
    };
}

LiveText changedText(const QString &model)
{
    return [model] { return ModelsPage::tr("Changed the price of %1").arg(Format::quoted(model)); };
}

LiveText correctedText(const QString &model)
{
    return
        [model] { return ModelsPage::tr("Corrected the price of %1").arg(Format::quoted(model)); };
}

} // namespace

admin::Answer<> ModelsPage::commitPrice(const QModelIndex &source, const QVariant &value)
{
    const PriceRow row = m_prices->row(source.row());
    const std::optional<PricePart> part = partOf(m_prices->traits(source.column()).key);
    // One part alone would make the others free.
    if (!part || row.unpriced)
        return admin::refused<void>(base::ErrorCode::InvalidInput,
                                    base::Message::verbatim(tr("This cannot be edited.")));
    base::Result<domain::ModelPrice> changed = PriceParts::with(row.price, *part, value.toString());
    if (!changed)
        return admin::refused<void>(changed.error());
    if (*changed == row.price)
        return admin::answered<void>({});
    // A person's price is corrected, and keeps its date.
    if (!row.isEdited())
        changed->effectiveFrom = now();
    const QString model = QString::fromUtf8(row.price.model);
    return savePrice(
        row.isEdited() ? correctedText(model) : changedText(model), *changed, targetsOf(row));
}

// In seconds since 1970, as what decides which price is in force.
qint64 ModelsPage::now() const
{
    return services().administration.foundation.now();
}

// Absent: there is no price of a person's of that date.
std::optional<domain::ModelPrice> ModelsPage::storedPrice(const QByteArray &model,
                                                          std::optional<domain::ChannelId> channel,
                                                          qint64 effectiveFrom) const
{
    const std::vector<PriceRow> &rows = m_prices->rows();
    const auto found = std::find_if(rows.begin(), rows.end(), [&](const PriceRow &row) {
        return row.isEdited() && row.price.model == model && row.price.channel == channel
               && row.price.effectiveFrom == effectiveFrom;
    });
    return found == rows.end() ? std::nullopt : std::optional(found->price);
}

// Absent: there is none in force but the built-in one.
std::optional<domain::ModelPrice> ModelsPage::editedPrice(const QByteArray &model,
                                                          std::optional<domain::ChannelId> channel)
{
    const int row = m_prices->rowOf(PriceRow{.price = {.model = model, .channel = channel}}.key());
    if (row < 0 || m_prices->row(row).unpriced
        || m_prices->row(row).price.source != domain::PriceSource::Edited)
        return std::nullopt;
    return m_prices->row(row).price;
}

// For what a change of a row counts. The built-in price that several channels share becomes that of the
// model where no channel has another one, else a price of each of them.
ModelsPage::Targets ModelsPage::targetsOf(const PriceRow &row) const
{
    if (row.isOfSome())
        return Targets(row.channelIds.begin(), row.channelIds.end());
    if (!row.standsForSeveral())
        return {row.price.channel};
    const std::vector<PriceRow> &rows = m_prices->rows();
    const bool hasOthers = std::any_of(rows.begin(), rows.end(), [&row](const PriceRow &other) {
        return other.isInForce() && other.price.model == row.price.model
               && other.key() != row.key();
    });
    return hasOthers ? Targets(row.channelIds.begin(), row.channelIds.end())
                     : Targets{std::nullopt};
}

// Beside those of other dates, but for that of the former date if it is another one: that is moved. The price
// of before may have been the built-in one or that of all channels.
admin::Answer<> ModelsPage::savePrice(const LiveText &text,
                                      const domain::ModelPrice &price,
                                      const Targets &targets,
                                      std::optional<qint64> formerDate)
{
    std::vector<admin::EditedPrice> wanted;
    std::vector<admin::EditedPrice> former;
    for (const std::optional<domain::ChannelId> &channel : targets) {
        domain::ModelPrice own = price;
        own.asOf = QDateTime::currentSecsSinceEpoch();
        wanted.push_back({.model = price.model,
                          .channel = channel,
                          .effectiveFrom = price.effectiveFrom,
                          .price = own});
        former.push_back({.model = price.model,
                          .channel = channel,
                          .effectiveFrom = price.effectiveFrom,
                          .price = storedPrice(price.model, channel, price.effectiveFrom),
                          .restored = true});
        if (!formerDate || *formerDate == price.effectiveFrom)
            continue;
        wanted.push_back({.model = price.model, .channel = channel, .effectiveFrom = *formerDate});
        former.push_back({.model = price.model,
                          .channel = channel,
                          .effectiveFrom = *formerDate,
                          .price = storedPrice(price.model, channel, *formerDate),
                          .restored = true});
    }
    admin::PriceService &prices = services().administration.prices;
    return services().undo.push({.text = text,
                                 .redo = [&prices, wanted] { return prices.edit(wanted); },
                                 .undo = [&prices, former] { return prices.edit(former); }});
}

void ModelsPage::resetPrices()
{
    std::vector<PriceRow> wanted;
    int count = 0;
    QByteArray model;
    for (const QModelIndex &index : m_priceTab.view->selectedSourceRows()) {
        const PriceRow selected = m_prices->row(index.row());
        if (!selected.isEdited() || !selected.isInForce())
            continue;
        ++count;
        model = selected.price.model;
        // Else the one before would be in force, or the one behind would come.
        for (const PriceRow &row : m_prices->rows()) {
            if (row.isEdited() && row.price.model == model
                && row.price.channel == selected.price.channel)
                wanted.push_back(row);
        }
    }
    removeRows(wanted, [count, model] {
        return count == 1
                   ? tr("Reset the price of %1").arg(Format::quoted(QString::fromUtf8(model)))
                   : tr("Reset %n prices", nullptr, count);
    });
}

// Of those that were in force, or will be.
void ModelsPage::removePrices()
{
    std::vector<PriceRow> wanted;
    for (const QModelIndex &index : m_priceTab.view->selectedSourceRows()) {
        const PriceRow row = m_prices->row(index.row());
        if (row.isEdited() && !row.isInForce())
            wanted.push_back(row);
    }
    if (wanted.empty())
        return;
    const QByteArray model = wanted.front().price.model;
    removeRows(wanted, [count = static_cast<int>(wanted.size()), model] {
        return count == 1 ? tr("Removed a price of %1 of another date")
                                .arg(Format::quoted(QString::fromUtf8(model)))
                          : tr("Removed %n prices of other dates", nullptr, count);
    });
}

void ModelsPage::removeRows(const std::vector<PriceRow> &rows, const LiveText &text)
{
    std::vector<admin::EditedPrice> none;
    std::vector<admin::EditedPrice> former;
    for (const PriceRow &row : rows) {
        former.push_back({.model = row.price.model,
                          .channel = row.price.channel,
                          .effectiveFrom = row.price.effectiveFrom,
                          .price = row.price,
                          .restored = true});
        none.push_back(former.back());
        none.back().price.reset();
    }
    if (none.empty())
        return;
    admin::PriceService &prices = services().administration.prices;
    services().undo.push({.text = text,
                          .redo = [&prices, none] { return prices.edit(none); },
                          .undo = [&prices, former] { return prices.edit(former); }});
}

void ModelsPage::setPrice()
{
    const PriceRow *row = m_prices->rowAt(m_priceTab.view->currentSourceRow());
    if (row)
        askForPrice(*row, targetsOf(*row));
}

// Empty: what is selected is not one model without a price.
QString ModelsPage::selectedUnpriced() const
{
    const QModelIndexList selected = m_priceTab.view->selectedSourceRows();
    if (selected.size() != 1)
        return {};
    const PriceRow *row = m_prices->rowAt(selected.front());
    return row && row->unpriced ? QString::fromUtf8(row->price.model) : QString();
}

// Of any model, whether a channel offers it or not, and of patterns.
void ModelsPage::addPrice()
{
    const auto catalog = services().administration.publisher.catalog();
    PriceOffer offer{.isTaken =
                         [this](const QByteArray &model, std::optional<domain::ChannelId> channel) {
                             return editedPrice(model, channel).has_value();
                         },
                     .model = selectedUnpriced(),
                     .effectiveFrom = now()};
    if (catalog) {
        for (const auto &each : catalog->channels()) {
            offer.channels.append({each->channel.id, each->channel.name});
            for (const QString &model : each->channel.models)
                offer.models.append(each->channel.providerModel(model));
        }
    }
    offer.models.removeDuplicates();
    auto *dialog = new PriceDialog(std::move(offer), this);
    if (catalog)
        dialog->setRates(catalog->exchangeRates());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &PriceDialog::chosen, this, [this](const domain::ModelPrice &chosen) {
        const QString channel = chosen.channel ? channelName(*chosen.channel) : QString();
        saveChosen(madeText(QString::fromUtf8(chosen.model), channel), chosen, {chosen.channel});
    });
    dialog->open();
}

void ModelsPage::saveChosen(const LiveText &text,
                            const domain::ModelPrice &price,
                            const Targets &targets,
                            std::optional<qint64> formerDate)
{
    savePrice(text, price, targets, formerDate).then(this, [this](const base::Result<> &outcome) {
        if (!outcome)
            showFailure(outcome.error());
    });
}

// The parts together, so that none becomes free by accident.
void ModelsPage::askForPrice(const PriceRow &row, const Targets &targets)
{
    const bool isOfOne = targets.size() == 1 && targets.front();
    const QString model = QString::fromUtf8(row.price.model);
    const QString channel = isOfOne ? channelName(*targets.front())
                            : row.standsForSeveral() || row.isOfSome() ? Format::list(row.channels)
                                                                       : QString();
    const bool isNew = isOfOne && !editedPrice(row.price.model, targets.front());
    const LiveText text = isNew ? madeText(model, channel) : changedText(model);
    domain::ModelPrice price = row.price;
    // One of the past or of the future is moved; one in force is followed by another one.
    std::optional<qint64> formerDate;
    if (row.isInForce())
        price.effectiveFrom = now();
    else
        formerDate = price.effectiveFrom;
    auto *dialog =
        new PriceDialog(price,
                        row.unpriced ? PriceDialog::Begin::Empty : PriceDialog::Begin::AsItIs,
                        channel,
                        this);
    if (const auto catalog = services().administration.publisher.catalog())
        dialog->setRates(catalog->exchangeRates());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog,
            &PriceDialog::chosen,
            this,
            [this, text, targets, formerDate](const domain::ModelPrice &chosen) {
                saveChosen(text, chosen, targets, formerDate);
            });
    dialog->open();
}

void ModelsPage::setChannelPrice()
{
    const QModelIndex index = m_priceTab.view->currentSourceRow();
    const auto catalog = services().administration.publisher.catalog();
    if (!index.isValid() || !catalog)
        return;
    const PriceRow row = m_prices->row(index.row());
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    for (const auto &each : catalog->channels()) {
        const domain::Channel &channel = each->channel;
        // A name may hold the mark of a key.
        QAction *action = menu->addAction(QString(channel.name).replace(u'&', u"&&"_s));
        connect(action, &QAction::triggered, this, [this, row, id = channel.id] {
            setPriceForChannel(row, id);
        });
    }
    menu->popup(m_priceTab.view->viewport()->mapToGlobal(
        m_priceTab.view->visualRect(m_priceTab.view->currentIndex()).bottomLeft()));
}

// A price of its own begins as a copy of the one in force; one that is there is not overwritten.
void ModelsPage::setPriceForChannel(const PriceRow &row, domain::ChannelId channel)
{
    domain::ModelPrice price = row.price;
    price.channel = channel;
    price.effectiveFrom = now();
    const QString model = QString::fromUtf8(price.model);
    if (editedPrice(price.model, channel)) {
        const int present = m_prices->rowOf(PriceRow{.price = price}.key());
        m_priceTab.view->selectSourceRow(present);
        if (m_priceTab.view->currentSourceRow().row() != present) {
            m_field->setFilter({});
            m_priceTab.view->selectSourceRow(present);
        }
        emit noticeRaised([model, name = channelName(channel)] {
            return tr("%1 has a price of its own for %2 already.")
                .arg(Format::quoted(model), Format::quoted(name));
        });
        return;
    }
    if (row.unpriced)
        return askForPrice(row, {channel});
    saveChosen(madeText(model, channelName(channel)), price, {channel});
}

} // namespace gatehouse::ui
