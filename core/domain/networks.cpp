#include "domain/networks.h"

#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace gatehouse::domain {

namespace {

QList<AddressRange> knownRanges(const QString &text)
{
    return addressRangesFrom(text).value_or(QList<AddressRange>());
}

} // namespace

QList<AddressRange> thisComputerRanges()
{
    return knownRanges(u"127.0.0.0/8 ::1"_s);
}

QList<AddressRange> localNetworkRanges()
{
    return knownRanges(u"127.0.0.0/8 ::1 10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 169.254.0.0/16 "
                       "fc00::/7 fe80::/10"_s);
}

base::Result<QList<AddressRange>> networksFrom(const QString &text)
{
    static const QRegularExpression separator(u"[,;\\s]+"_s);
    QList<AddressRange> ranges;
    const QStringList parts = text.split(separator, Qt::SkipEmptyParts);
    for (const QString &part : parts) {
        if (part.compare(thisComputerWord, Qt::CaseInsensitive) == 0) {
            ranges += thisComputerRanges();
            continue;
        }
        if (part.compare(localNetworkWord, Qt::CaseInsensitive) == 0) {
            ranges += localNetworkRanges();
            continue;
        }
        const auto range = addressRangesFrom(part);
        if (!range) {
            return base::fail(base::ErrorCode::InvalidInput,
                              base::Message::tr("\"%1\" is no network. Write it as 192.168.1.0/24 "
                                                "or fd00::/8, or lan for the local network.")
                                  .arg(part.left(100)));
        }
        ranges += *range;
    }
    return ranges;
}

} // namespace gatehouse::domain
