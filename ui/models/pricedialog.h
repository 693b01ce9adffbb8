#pragma once

#include "domain/exchangerates.h"
#include "models/priceparts.h"
#include "widgets/dialogs/editdialog.h"

#include <QMap>

#include <functional>

class QComboBox;
class QDateTimeEdit;
class QLineEdit;
class QPushButton;

namespace gatehouse::ui {

class Form;
class HoursTable;
class PairTable;
class TierTable;

// What a new price may be for.
struct PriceOffer
{
    QStringList models{};                                    // that come to mind
    QList<std::pair<domain::ChannelId, QString>> channels{}; // with their names
    // Whether there is a price of a person's for it already.
    std::function<bool(const QByteArray &model, std::optional<domain::ChannelId> channel)>
        isTaken{};
    QString model{}; // what is begun with, as is the moment
    qint64 effectiveFrom = 0;
};

// Asks for everything that a model costs: tokens of each kind, longer requests, other hours, requests, characters
// and pictures. Input and output are not taken without each other.
class PriceDialog : public EditDialog
{
    Q_OBJECT

public:
    enum class Begin { Empty, AsItIs };

    // The price is that of its date, unless another one is chosen. `channels` names those that the price is for; empty: all of them.
    PriceDialog(const domain::ModelPrice &price,
                Begin begin,
                const QString &channels,
                QWidget *parent = nullptr);
    // A new price, of which the model or a pattern and the channel are asked for, too.
    explicit PriceDialog(PriceOffer offer, QWidget *parent = nullptr);

    // In which currencies a price can be, beside dollars.
    void setRates(const domain::ExchangeRates &rates);

signals:
    void chosen(const gatehouse::domain::ModelPrice &price);

private:
    void addSubject(const QString &channels);
    void addOffer();
    void addDate();
    void addCurrency();
    QByteArray currency() const;
    QString currencyProblem() const;
    void showDollars();
    qint64 effectiveFrom() const;
    void build();
    QWidget *makeParts();
    QWidget *makeMore();
    void fill(const domain::ModelPrice &price);
    void review();
    QString subjectProblem() const;
    QString whatIsMissing() const;
    bool hasOtherPrice() const;
    QString partProblem(PricePart part) const;
    std::optional<domain::ModelPrice> typed() const;

    domain::ModelPrice m_price{}; // that is begun with
    const PriceOffer m_offer{};
    Form *m_subject = nullptr;
    Form *m_parts = nullptr;
    Form *m_rest = nullptr;
    Form *m_tables = nullptr;
    QLineEdit *m_model = nullptr;   // of a new price
    QComboBox *m_channel = nullptr; // of a new price
    QDateTimeEdit *m_from = nullptr;
    QComboBox *m_currency = nullptr;
    domain::ExchangeRates m_rates{};
    QMap<PricePart, QLineEdit *> m_fields{};
    QLineEdit *m_call = nullptr;
    QLineEdit *m_characters = nullptr;
    TierTable *m_tiers = nullptr;
    HoursTable *m_hours = nullptr;
    PairTable *m_images = nullptr;
    QPushButton *m_save = nullptr;
};

} // namespace gatehouse::ui
