#pragma once

#include <QByteArrayView>

namespace gatehouse::relay {

// Counts tokens where a provider tells no figures. Called from any thread.
class TokenMeter
{
public:
    TokenMeter() = default;
    TokenMeter(const TokenMeter &) = delete;
    TokenMeter &operator=(const TokenMeter &) = delete;
    virtual ~TokenMeter() = default;

    // False: the first count takes long.
    virtual bool isReady(QByteArrayView model) const
    {
        Q_UNUSED(model)
        return true;
    }
    virtual qint64 promptTokens(QByteArrayView requestBody, QByteArrayView model) const = 0;
    virtual qint64 textTokens(QByteArrayView text, QByteArrayView model) const = 0;
};

} // namespace gatehouse::relay
