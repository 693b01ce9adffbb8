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

} // namespace

admin::Answer<> ModelsPage::commitPrice(const QModelIndex &source, const QVariant &value)
{
    const PriceRow row = m_prices->row(source.row());
    const std::optional<PricePart> part = partOf(m_prices->traits(source.column()).key);
    // One part alone would make the others free.
    if (!part || row.unpriced)
        return admin::refused<void>(base::ErrorCode::InvalidInput,
                                    base::Message::verbatim(tr("This cannot be edited.")));
    base::Result<domain::ModelPrice> changed = withPart(row.price, *part, value.toString());
    if (!changed)
        return admin::refused<void>(changed.error());
    if (*changed == row.price)
        return admin::answered<void>({});
    return savePrice(
        tr("Changed the price of %1").arg(Format::quoted(QString::fromUtf8(row.price.model))),
        *changed);
}

// Absent: there is none but the built-in one.
std::optional<domain::ModelPrice> ModelsPage::editedPrice(const QByteArray &model,
                                                          std::optional<domain::ChannelId> channel)
{
    const int row = m_prices->rowOf(PriceRow{.price = {.model = model, .channel = channel}}.key());
    if (row < 0 || m_prices->row(row).unpriced
        || m_prices->row(row).price.source != domain::PriceSource::Edited)
        return std::nullopt;
    return m_prices->row(row).price;
}

// The price of before may have been the built-in one or that of all channels.
admin::Answer<> ModelsPage::savePrice(const QString &text, domain::ModelPrice price)
{
    price.source = domain::PriceSource::Edited;
    price.asOf = QDateTime::currentSecsSinceEpoch();
    const std::optional<domain::ModelPrice> former = editedPrice(price.model, price.channel);
    admin::PriceService &prices = services().administration.prices;
    return services().undo.push({.text = text,
                                 .redo = [&prices, price] { return prices.save(price); },
                                 .undo =
                                     [&prices, price, former] {
                                         return former ? prices.restore(*former)
                                                       : prices.remove(price.model, price.channel);
                                     }});
}

void ModelsPage::resetPrices()
{
    admin::PriceService &prices = services().administration.prices;
    for (const QModelIndex &index : m_priceTab.view->selectedSourceRows()) {
        const PriceRow row = m_prices->row(index.row());
        if (row.unpriced || row.price.source != domain::PriceSource::Edited)
            continue;
        services().undo.push(
            {.text = tr("Reset the price of %1")
                         .arg(Format::quoted(QString::fromUtf8(row.price.model))),
             .redo = [&prices, row] { return prices.remove(row.price.model, row.price.channel); },
             .undo = [&prices, row] { return prices.restore(row.price); }});
    }
}

void ModelsPage::setPrice()
{
    const PriceRow *row = m_prices->rowAt(m_priceTab.view->currentSourceRow());
    if (row)
        askForPrice(*row, row->price.channel);
}

// Input and output together, so that neither becomes free by accident.
void ModelsPage::askForPrice(const PriceRow &row, std::optional<domain::ChannelId> channel)
{
    domain::ModelPrice price = row.price;
    price.channel = channel;
    const QString model = QString::fromUtf8(price.model);
    const QString text =
        channel ? tr("Made a price of %1 for %2")
                      .arg(Format::quoted(model), Format::quoted(channelName(*channel)))
                : tr("Changed the price of %1").arg(Format::quoted(model));
    auto *dialog =
        new PriceDialog(price,
                        row.unpriced ? PriceDialog::Begin::Empty : PriceDialog::Begin::AsItIs,
                        channel ? channelName(*channel) : QString(),
                        this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &PriceDialog::chosen, this, [this, text](const domain::ModelPrice &chosen) {
        savePrice(text, chosen).then(this, [this](const base::Result<> &outcome) {
            if (!outcome)
                showFailure(outcome.error());
        });
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
    const QString model = QString::fromUtf8(price.model);
    if (editedPrice(price.model, channel)) {
        const int present = m_prices->rowOf(PriceRow{.price = price}.key());
        m_priceTab.view->selectSourceRow(present);
        if (m_priceTab.view->currentSourceRow().row() != present) {
            m_field->setFilter({});
            m_priceTab.view->selectSourceRow(present);
        }
        emit noticeRaised(tr("%1 has a price of its own for %2 already.")
                              .arg(Format::quoted(model), Format::quoted(channelName(channel))));
        return;
    }
    if (row.unpriced)
        return askForPrice(row, channel);
    savePrice(tr("Made a price of %1 for %2")
                  .arg(Format::quoted(model), Format::quoted(channelName(channel))),
              price)
        .then(this, [this](const base::Result<> &outcome) {
            if (!outcome)
                showFailure(outcome.error());
        });
}

} // namespace gatehouse::ui
