#include "models/pricedialog.h"

#include "models/hourstable.h"
#include "models/tiertable.h"
#include "theme/plaintip.h"
#include "theme/theme.h"
#include "widgets/dialogs/dialogfooter.h"
#include "widgets/dialogs/dialoglayout.h"
#include "widgets/fields/calendarpopup.h"
#include "widgets/fields/form.h"
#include "widgets/format.h"
#include "widgets/table/pairtable.h"

#include <QComboBox>
#include <QCompleter>
#include <QDateTimeEdit>
#include <QLineEdit>
#include <QPushButton>
#include <QScreen>
#include <QScrollArea>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

constexpr qsizetype longestModel = 200;

// "" is any picture, in the table a star.
const QString anyPicture = u"*"_s;
const QString dollarCode = u"USD"_s;

PairTable::Pairs pairsFrom(const QMap<QByteArray, domain::UnitPrice> &pictures)
{
    PairTable::Pairs pairs;
    for (auto it = pictures.cbegin(); it != pictures.cend(); ++it) {
        pairs.append({it.key().isEmpty() ? anyPicture : QString::fromUtf8(it.key()),
                      PriceParts::typedEach(it.value())});
    }
    return pairs;
}

} // namespace

PriceDialog::PriceDialog(const domain::ModelPrice &price,
                         Begin begin,
                         const QString &channels,
                         QWidget *parent)
    : EditDialog(parent)
    , m_price(price)
    , m_subject(new Form(this))
{
    setWindowTitle(tr("Price of a model"));
    addSubject(channels);
    addDate();
    addCurrency();
    build();
    if (begin == Begin::AsItIs)
        fill(price);
    m_fields.value(PricePart::Input)->setFocus();
    review();
}

PriceDialog::PriceDialog(PriceOffer offer, QWidget *parent)
    : EditDialog(parent)
    , m_offer(std::move(offer))
    , m_subject(new Form(this))
{
    m_price.effectiveFrom = m_offer.effectiveFrom;
    setWindowTitle(tr("Add a price"));
    addOffer();
    addDate();
    addCurrency();
    build();
    m_model->setText(m_offer.model);
    if (m_offer.model.isEmpty())
        m_model->setFocus();
    else
        m_fields.value(PricePart::Input)->setFocus();
    review();
}

// Names of providers, shown as they are and not to be changed here.
void PriceDialog::addSubject(const QString &channels)
{
    const auto fixed = [this](const QString &text) {
        auto *field = new QLineEdit(text, this);
        field->setReadOnly(true);
        return field;
    };
    m_subject->addField(fixed(QString::fromUtf8(m_price.model)), [] { return tr("Model"); });
    m_subject->addField(fixed(channels.isEmpty() ? tr("all channels") : channels),
                        [] { return tr("For"); });
}

void PriceDialog::addOffer()
{
    m_model = new QLineEdit(this);
    m_model->setMaxLength(longestModel);
    m_model->setPlaceholderText(u"gpt-4o-*"_s);
    auto *completer = new QCompleter(m_offer.models, m_model);
    completer->setCaseSensitivity(Qt::CaseInsensitive);
    completer->setFilterMode(Qt::MatchContains);
    m_model->setCompleter(completer);
    m_channel = new QComboBox(this);
    limitWidth(m_channel);
    m_channel->addItem(tr("all channels"), qint64(0));
    for (const auto &[id, name] : m_offer.channels)
        m_channel->addItem(name, id.value);
    m_subject->addField(
        m_model,
        [] { return tr("&Model"); },
        [] {
            return tr("The provider’s name of the model. A * stands for any characters. A price "
                      "set for the very name comes first, then longer patterns; built-in prices "
                      "come last.");
        });
    m_subject->addField(m_channel, [] { return tr("&For"); });
    connect(m_model, &QLineEdit::textChanged, this, &PriceDialog::review);
    connect(m_channel, &QComboBox::currentIndexChanged, this, &PriceDialog::review);
}

void PriceDialog::addDate()
{
    m_from = new QDateTimeEdit(this);
    CalendarPopup::give(m_from);
    m_from->setDisplayFormat(Format::momentPattern());
    m_from->setMinimumDateTime(QDateTime::fromSecsSinceEpoch(0));
    m_from->setSpecialValueText(tr("ever since"));
    m_from->setDateTime(QDateTime::fromSecsSinceEpoch(m_price.effectiveFrom));
    m_subject->addField(
        m_from,
        [] { return tr("&Effective from"); },
        [] {
            return tr("Until then the price of before stays in force; it is kept, and tells what "
                      "requests cost that began before. To correct that price instead, edit its "
                      "cells in the table.");
        });
}

void PriceDialog::setRates(const domain::ExchangeRates &rates)
{
    m_rates = rates;
    review();
}

void PriceDialog::addCurrency()
{
    m_currency = new QComboBox(this);
    m_currency->setEditable(true);
    m_currency->setInsertPolicy(QComboBox::NoInsert);
    m_currency->addItems({dollarCode, u"CNY"_s, u"EUR"_s, u"GBP"_s, u"JPY"_s});
    m_currency->setEditText(m_price.isInDollars() ? dollarCode
                                                  : QString::fromLatin1(m_price.currency));
    m_subject->addField(
        m_currency,
        [] { return tr("&Currency"); },
        [] { return tr("Three letters, such as EUR. The ledger stays in dollars."); });
    connect(m_currency, &QComboBox::currentTextChanged, this, &PriceDialog::review);
}

// Empty: dollars.
QByteArray PriceDialog::currency() const
{
    const QString code = m_currency->currentText().trimmed().toUpper();
    return code == dollarCode ? QByteArray() : code.toUtf8();
}

QString PriceDialog::currencyProblem() const
{
    const QByteArray code = currency();
    if (!code.isEmpty() && !domain::isCurrency(code))
        return tr("A currency has three letters, such as EUR.");
    if (m_rates.knows(code) && !m_currency->currentText().trimmed().isEmpty())
        return {};
    if (code.isEmpty())
        return tr("A currency has three letters, such as EUR.");
    return tr("There is no exchange rate for %1. Enter it in the settings, at Prices & budgets, "
              "then "
              "set the price.")
        .arg(QString::fromLatin1(code));
}

// What is typed in another currency, under each field as it will be charged.
void PriceDialog::showDollars()
{
    const QByteArray code = currency();
    const auto show = [&](Form *form, QLineEdit *field, const auto &read, const auto &text) {
        const base::Result<std::optional<domain::UnitPrice>> price = read(field->text(), code);
        const auto dollars =
            price && *price && !code.isEmpty() ? m_rates.inDollars(**price, code) : std::nullopt;
        form->setHelp(field,
                      dollars ? tr("%1 at the present rate").arg(text(*dollars)) : QString());
    };
    const auto million = [](domain::UnitPrice price) { return Format::price(price); };
    const auto each = [](domain::UnitPrice price) {
        return QString(u"$"_s + PriceParts::typedEach(price));
    };
    for (const PricePart part : PriceParts::all)
        show(m_parts, m_fields.value(part), PriceParts::read, million);
    show(m_rest, m_characters, PriceParts::read, million);
    show(m_rest, m_call, PriceParts::readEach, each);
}

// What is shown has no seconds.
qint64 PriceDialog::effectiveFrom() const
{
    const auto shown = [](const QDateTime &moment) {
        return moment.toString(Format::momentPattern());
    };
    const QDateTime begun = QDateTime::fromSecsSinceEpoch(m_price.effectiveFrom);
    const QDateTime chosen = m_from->dateTime();
    return shown(chosen) == shown(begun) ? m_price.effectiveFrom
                                         : std::max<qint64>(0, chosen.toSecsSinceEpoch());
}

void PriceDialog::build()
{
    auto *columns = new QHBoxLayout;
    columns->setSpacing(Theme::px(20));
    columns->addWidget(makeParts(), 1, Qt::AlignTop);
    columns->addWidget(makeMore(), 1, Qt::AlignTop);
    m_tiers = new TierTable(this);
    m_tables = new Form(this);
    m_tables->addSection([] { return tr("Requests with a long input"); });
    m_tables->addControl(m_tiers, [] {
        return tr("Above so much input, all tokens of a request cost this, for a million.");
    });
    m_hours = new HoursTable(this);
    m_tables->addSection([] { return tr("Requests at certain hours"); });
    m_tables->addControl(m_hours, [] {
        return tr(
            "What begins from one time of the day (UTC) until before the other costs this, for "
            "a million. Long inputs cost more at these hours only if they have a row of their "
            "own.");
    });
    auto *inner = new QWidget(this);
    auto *content = new QVBoxLayout(inner);
    const int margin = Theme::px(20);
    content->setContentsMargins(margin, margin, margin, margin);
    content->setSpacing(Theme::px(14));
    content->addWidget(m_subject);
    content->addLayout(columns);
    content->addWidget(m_tables);
    content->addStretch(1);
    auto *area = new QScrollArea(this);
    area->setFrameShape(QFrame::NoFrame);
    area->setWidgetResizable(true);
    area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    area->setWidget(inner);

    auto *footer = new DialogFooter(this);
    m_save = footer->addButton(tr("Save"), QDialogButtonBox::AcceptRole);
    m_save->setDefault(true);
    footer->addButton(QDialogButtonBox::Cancel);
    connect(m_save, &QPushButton::clicked, this, [this] {
        const std::optional<domain::ModelPrice> price = typed();
        if (!price)
            return;
        accept();
        emit chosen(*price);
    });
    connect(footer, &DialogFooter::rejected, this, &PriceDialog::reject);
    for (const PartRowsTable *table :
         {static_cast<PartRowsTable *>(m_tiers), static_cast<PartRowsTable *>(m_hours)})
        connect(table, &PartRowsTable::changed, this, &PriceDialog::review);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(area, 1);
    layout->addWidget(footer);
    // Room for the frame of the window.
    resize(Theme::px(840), qMin(Theme::px(780), screen()->availableGeometry().height() * 9 / 10));
}

QWidget *PriceDialog::makeParts()
{
    m_parts = new Form(this);
    m_parts->addSection([] { return tr("Prices of a million tokens"); });
    for (const PricePart part : PriceParts::all) {
        auto *field = new QLineEdit(this);
        m_fields.insert(part, field);
        if (!PriceParts::isObligatory(part))
            field->setPlaceholderText(tr("as the plain price"));
        const auto label = [part] {
            return part == PricePart::Input    ? tr("&Input / M")
                   : part == PricePart::Output ? tr("&Output / M")
                                               : PriceParts::title(part);
        };
        m_parts->addField(field,
                          label,
                          part == PricePart::Output ? Form::Text([] { return tr("0 is free."); })
                                                    : Form::Text());
        connect(field, &QLineEdit::textChanged, this, &PriceDialog::review);
    }
    return m_parts;
}

QWidget *PriceDialog::makeMore()
{
    m_call = new QLineEdit(this);
    m_characters = new QLineEdit(this);
    m_images = new PairTable(this);
    m_images->setAccessibleName(tr("Prices of pictures"));
    m_images->setTitles(tr("Size, quality"), tr("Price"));
    m_images->setProblem([this](const QString &, const QString &right) {
        const auto price = PriceParts::readEach(right, currency());
        if (!price)
            return price.error().message.translated();
        return *price ? QString() : tr("Each picture needs a price; 0 is free.");
    });
    m_rest = new Form(this);
    m_rest->addSection([] { return tr("Other prices"); });
    m_rest->addField(
        m_call, [] { return tr("A request"); }, [] { return tr("For each, beside its tokens."); });
    m_rest->addField(
        m_characters,
        [] { return tr("Characters / M"); },
        [] { return tr("For a million characters that are read aloud."); });
    m_rest->addField(
        m_images,
        [] { return tr("Pictures"); },
        [] { return tr("1024x1024/hd, 1024x1024, or * for any; the price of one picture."); });
    for (QLineEdit *field : {m_call, m_characters})
        connect(field, &QLineEdit::textChanged, this, &PriceDialog::review);
    connect(m_images, &PairTable::pairsChanged, this, &PriceDialog::review);
    return m_rest;
}

void PriceDialog::fill(const domain::ModelPrice &price)
{
    for (const PricePart part : PriceParts::all) {
        if (const auto known = PriceParts::of(price.tokens, part))
            m_fields.value(part)->setText(PriceParts::typed(*known));
    }
    if (price.perCall.picoDollars > 0)
        m_call->setText(PriceParts::typedEach(price.perCall));
    if (price.perCharacter.picoDollars > 0)
        m_characters->setText(PriceParts::typed(price.perCharacter));
    m_tiers->setTiers(price.tiers);
    m_hours->setWindows(price.windows);
    m_images->setPairs(pairsFrom(price.perImage));
}

// What is priced by something else than tokens needs no price of tokens.
bool PriceDialog::hasOtherPrice() const
{
    return !m_call->text().trimmed().isEmpty() || !m_characters->text().trimmed().isEmpty()
           || !m_images->pairs().isEmpty();
}

QString PriceDialog::partProblem(PricePart part) const
{
    const auto price = PriceParts::read(m_fields.value(part)->text(), currency());
    return price ? QString() : price.error().message.translated();
}

// Absent: it cannot be saved so.
std::optional<domain::ModelPrice> PriceDialog::typed() const
{
    domain::ModelPrice price = m_price;
    price.effectiveFrom = effectiveFrom();
    price.currency = currency();
    if (!currencyProblem().isEmpty())
        return std::nullopt;
    if (m_model) {
        price.model = m_model->text().trimmed().toUtf8();
        const qint64 channel = m_channel->currentData().toLongLong();
        price.channel = channel > 0 ? std::optional(domain::ChannelId{channel}) : std::nullopt;
        if (price.model.isEmpty() || !subjectProblem().isEmpty())
            return std::nullopt;
    }
    for (const PricePart part : PriceParts::all) {
        const auto read = PriceParts::read(m_fields.value(part)->text(), currency());
        if (!read || (PriceParts::isObligatory(part) && !*read && !hasOtherPrice()))
            return std::nullopt;
        PriceParts::set(price.tokens, part, *read);
    }
    const auto call = PriceParts::readEach(m_call->text(), currency());
    const auto characters = PriceParts::read(m_characters->text(), currency());
    base::Result<std::vector<domain::PriceTier>> tiers = m_tiers->tiers();
    base::Result<std::vector<domain::PriceWindow>> windows = m_hours->windows();
    if (!call || !characters || !tiers || !windows || !m_images->problem().isEmpty())
        return std::nullopt;
    price.perCall = call->value_or(domain::UnitPrice{});
    price.perCharacter = characters->value_or(domain::UnitPrice{});
    price.tiers = std::move(*tiers);
    price.windows = std::move(*windows);
    price.perImage.clear();
    for (const auto &[size, dollars] : m_images->pairs()) {
        const auto each = PriceParts::readEach(dollars, price.currency);
        if (!each)
            return std::nullopt;
        price.perImage.insert(size == anyPicture ? QByteArray() : size.toUtf8(),
                              each->value_or(domain::UnitPrice{}));
    }
    return price;
}

QString PriceDialog::subjectProblem() const
{
    const QByteArray model = m_model->text().trimmed().toUtf8();
    const qint64 channel = m_channel->currentData().toLongLong();
    const auto wanted = channel > 0 ? std::optional(domain::ChannelId{channel}) : std::nullopt;
    return m_offer.isTaken && m_offer.isTaken(model, wanted)
               ? tr("It has such a price already. Change that one in the table.")
               : QString();
}

// What is still missing is no error yet.
void PriceDialog::review()
{
    if (!m_save)
        return;
    if (m_model)
        m_subject->setError(m_model, subjectProblem());
    m_subject->setError(m_currency, currencyProblem());
    showDollars();
    for (const PricePart part : PriceParts::all)
        m_parts->setError(m_fields.value(part), partProblem(part));
    const auto call = PriceParts::readEach(m_call->text(), currency());
    const auto characters = PriceParts::read(m_characters->text(), currency());
    m_rest->setError(m_call, call ? QString() : call.error().message.translated());
    m_rest->setError(m_characters,
                     characters ? QString() : characters.error().message.translated());
    m_tiers->setCurrency(currency());
    m_hours->setCurrency(currency());
    const auto tiers = m_tiers->tiers();
    m_tables->setError(m_tiers, tiers ? QString() : tiers.error().message.translated());
    const auto windows = m_hours->windows();
    m_tables->setError(m_hours, windows ? QString() : windows.error().message.translated());
    const bool isWhole = typed().has_value();
    m_save->setEnabled(isWhole);
    m_save->setToolTip(isWhole ? QString() : plainTip(whatIsMissing()));
}

QString PriceDialog::whatIsMissing() const
{
    for (const Form *form : {m_subject, m_parts, m_rest, m_tables}) {
        if (const QString error = form->firstError(); !error.isEmpty())
            return error;
    }
    if (m_model && m_model->text().trimmed().isEmpty())
        return tr("Enter the model that the price is for.");
    if (const QString problem = m_images->problem(); !problem.isEmpty())
        return problem;
    return PriceParts::tr("The plain input and output need a price; 0 is free.");
}

} // namespace gatehouse::ui
