#pragma once

#include "domain/accountbalance.h"
#include "domain/quota.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QString>

#include <chrono>
#include <utility>

namespace gatehouse::ui {

// Numbers as the window shows them, in the language and the locale of the moment.
class Format
{
    Q_DECLARE_TR_FUNCTIONS(gatehouse::ui::Format)

public:
    // "$18.42" with a fixed number of decimals; what is above nothing but rounds to it is "<$0.01".
    static QString money(domain::Cost cost, int decimals = 2);
    static QString money(domain::Quota amount, int decimals = 2);
    // With three digits where there are many: "$1.00B", "$12.3k"; below $10,000 as money().
    static QString shortMoney(domain::Quota amount);
    // The cost of one request: "$0.0396".
    static QString cost(domain::Cost cost) { return money(cost, 4); }
    // Every digit: "$0.039618", at least two decimals.
    static QString exactMoney(domain::Cost cost);
    static QString exactMoney(domain::Quota amount);
    // Two amounts that are to be compared: with as many digits as make them differ, and every digit of
    // what is less than a cent.
    static std::pair<QString, QString> moneyApart(domain::Cost one, domain::Cost other);
    // Dollars for a million of the unit: "$3.00", "$0.075".
    static QString price(domain::UnitPrice price);
    // In the currency of that ISO code; empty: in dollars, as above.
    static QString price(domain::UnitPrice price, const QByteArray &currency);
    // What is left on an account, as its currency is written: "$12.50", "¥41.20", "8.00 CHF".
    static QString balance(const domain::AccountBalance &balance);

    static QString count(qint64 count);    // "4,812"
    static QString tokens(qint64 count);   // "612", "39.8k", "38.6 M"
    static QString percent(double share);  // of one: "99.8 %", "100 %"
    static QString bytes(qint64 size);     // "48 MiB", "1.5 GiB"; decimal: "50 MB"
    static QString rate(double perSecond); // "59 tok/s"
    // Three digits and their unit: "0.19 ms", "612 ms", "1.24 s", "24.0 s", "3 min 20 s", "2 h 5 min".
    static QString duration(std::chrono::microseconds length);

    // "just now", "3 min ago", "in 3 days"; absent for an invalid moment.
    static QString relative(const QDateTime &moment, const QDateTime &now);
    // The time of today, the weekday within a week, else the date: "14:28", "Fri", "2 Nov", "2 Nov 2024".
    static QString moment(const QDateTime &moment, const QDateTime &now);
    static QString day(const QDate &day);          // "2 Nov 2024"
    static QString time(const QDateTime &moment);  // "14:29:41"
    static QString clock(const QDateTime &moment); // "14:29"
    static QString full(const QDateTime &moment);  // date and time, for tool tips

    // How day() writes, and with the time of day behind it: for fields in which one enters it.
    static QString dayPattern();
    static QString momentPattern();

    // Whether sizes are in units of a thousand, kB and MB, and not of 1024. Widgets learn of a change by
    // QEvent::LanguageChange, as they do of other words.
    static void setDecimalSizes(bool decimal);

    // What stands where there is nothing: "—".
    static QString absent();
    // "“gpt-5”", in the quotation marks of the language.
    static QString quoted(const QString &text);
    // The first characters and the last four: "sk-gh…a1B2"; short ones show nothing but dots.
    static QString masked(const QString &key);
    // Joins as a sentence does: "a, b and c".
    static QString list(const QStringList &parts);
};

} // namespace gatehouse::ui
