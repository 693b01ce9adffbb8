#include "tokens/tokenfields.h"

#include "admin/administration.h"
#include "domain/networks.h"
#include "tokens/tokencolumns.h"
#include "widgets/fields/calendarpopup.h"
#include "widgets/fields/form.h"
#include "widgets/fields/mixedvalue.h"
#include "widgets/format.h"
#include "widgets/naturalorder.h"

#include <QComboBox>
#include <QDateTimeEdit>
#include <QLineEdit>
#include <QSet>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

// What the field for the expiry offers besides a number of days.
constexpr int neverExpires = 0;
constexpr int ownDate = -1;
constexpr int keepsDate = -2;

enum Network { AsItIs, Anywhere, ThisComputer, LocalNetwork, OwnRanges };

} // namespace

ExpiryFields::ExpiryFields(Form *form)
    : QObject(form)
    , m_form(form)
    , m_choice(new QComboBox(form))
    , m_moment(new QDateTimeEdit(form))
{
    CalendarPopup::give(m_moment);
    m_moment->setDisplayFormat(Format::momentPattern());
    m_moment->setAccessibleName(tr("Expires at"));
    m_form->addLine({m_choice, m_moment}, [] { return tr("Expires"); });
    m_moment->setVisible(false);
    connect(m_choice, &QComboBox::currentIndexChanged, this, [this] {
        m_moment->setVisible(m_choice->currentData().toInt() == ownDate);
        emit edited();
    });
    connect(m_moment, &QDateTimeEdit::dateTimeChanged, this, &ExpiryFields::edited);
}

void ExpiryFields::addChoices(const QString &keep)
{
    m_choice->clear();
    if (!keep.isEmpty())
        m_choice->addItem(keep, keepsDate);
    m_choice->addItem(tr("Never"), neverExpires);
    for (const int days : {7, 30, 90})
        m_choice->addItem(tr("In %n days", nullptr, days), days);
    m_choice->addItem(tr("On a date"), ownDate);
    m_choice->setCurrentIndex(0);
}

void ExpiryFields::fill(qint64 expiresAt)
{
    m_moment->setDateTime(expiresAt >= 0 ? QDateTime::fromSecsSinceEpoch(expiresAt)
                                         : QDateTime::currentDateTime().addDays(30));
    addChoices(expiresAt >= 0 ? tr("As it is") : QString());
}

void ExpiryFields::fillMixed()
{
    fill(-1);
    addChoices(mixedText());
}

std::optional<qint64> ExpiryFields::expiresAt() const
{
    const int days = m_choice->currentData().toInt();
    switch (days) {
    case keepsDate:
        return std::nullopt;
    case neverExpires:
        return -1;
    case ownDate:
        return m_moment->dateTime().toSecsSinceEpoch();
    default:
        return QDateTime::currentDateTime().addDays(days).toSecsSinceEpoch();
    }
}

void ExpiryFields::review()
{
    const bool past = m_choice->currentData().toInt() == ownDate
                      && m_moment->dateTime() <= QDateTime::currentDateTime();
    m_form->setError(m_choice, past ? tr("This moment is over.") : QString());
}

NetworkFields::NetworkFields(Form *form)
    : QObject(form)
    , m_form(form)
    , m_choice(new QComboBox(form))
    , m_ranges(new QLineEdit(form))
{
    m_ranges->setPlaceholderText(u"192.168.1.0/24, 10.1.2.3"_s);
    m_form->addField(m_choice, [] { return tr("Used from"); });
    m_form->addField(
        m_ranges,
        [] { return tr("Addresses"); },
        [] { return tr("Addresses or ranges such as 192.168.1.0/24, separated by commas."); });
    connect(m_choice, &QComboBox::currentIndexChanged, this, [this] {
        m_form->setFieldVisible(m_ranges, choice() == OwnRanges);
        emit edited();
    });
    connect(m_ranges, &QLineEdit::textChanged, this, &NetworkFields::edited);
}

int NetworkFields::choice() const
{
    return m_choice->currentData().toInt();
}

void NetworkFields::addChoices()
{
    m_choice->addItem(tr("Anywhere"), Anywhere);
    m_choice->addItem(tr("This computer only"), ThisComputer);
    m_choice->addItem(tr("This computer and the local network"), LocalNetwork);
    m_choice->addItem(tr("These addresses"), OwnRanges);
}

void NetworkFields::fill(const QList<domain::AddressRange> &ranges)
{
    addChoices();
    const int network = ranges.isEmpty()                         ? Anywhere
                        : ranges == domain::thisComputerRanges() ? ThisComputer
                        : ranges == domain::localNetworkRanges() ? LocalNetwork
                                                                 : OwnRanges;
    m_ranges->setText(rangesText(ranges));
    m_choice->setCurrentIndex(m_choice->findData(network));
    m_form->setFieldVisible(m_ranges, network == OwnRanges);
}

void NetworkFields::fillMixed()
{
    m_choice->addItem(mixedText(), AsItIs);
    addChoices();
    m_form->setFieldVisible(m_ranges, false);
}

std::optional<QList<domain::AddressRange>> NetworkFields::ranges() const
{
    switch (choice()) {
    case Anywhere:
        return QList<domain::AddressRange>();
    case ThisComputer:
        return domain::thisComputerRanges();
    case LocalNetwork:
        return domain::localNetworkRanges();
    case OwnRanges:
        if (const auto typed = domain::addressRangesFrom(m_ranges->text()))
            return *typed;
        return std::nullopt;
    default:
        return std::nullopt;
    }
}

void NetworkFields::review()
{
    m_form->setError(m_ranges, {});
    if (choice() != OwnRanges)
        return;
    const auto parsed = domain::addressRangesFrom(m_ranges->text());
    if (!parsed)
        m_form->setError(m_ranges, parsed.error().message.translated());
    else if (parsed->isEmpty())
        m_form->setMissing(m_ranges, tr("Enter at least one address."));
}

void addCaptures(QComboBox *box)
{
    using domain::TokenCapture;
    box->addItem(NetworkFields::tr("As the setting says"),
                 static_cast<int>(TokenCapture::BySetting));
    box->addItem(NetworkFields::tr("Not at all"), static_cast<int>(TokenCapture::Never));
    box->addItem(NetworkFields::tr("Always"), static_cast<int>(TokenCapture::All));
}

QStringList offeredModels(const Services &services)
{
    QSet<QString> models;
    if (const auto catalog = services.administration.publisher.catalog()) {
        for (const auto &each : catalog->channels()) {
            const QStringList &offered = each->channel.models;
            models.unite(QSet<QString>(offered.begin(), offered.end()));
        }
    }
    QStringList sorted(models.begin(), models.end());
    sortNaturally(sorted);
    return sorted;
}

} // namespace gatehouse::ui
