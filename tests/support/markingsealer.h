#pragma once

#include "storage/keysealer.h"

namespace gatehouse::support {

// Makes keys unreadable without any cryptography: what storage does with sealed keys can be seen, and
// one that was sealed for another place does not open.
class MarkingSealer final : public storage::KeySealer
{
public:
    QByteArray seal(const base::Secret &secret, QByteArrayView context) const override
    {
        return scrambled(context.toByteArray() + '\n' + secret.reveal());
    }

    base::Result<base::Secret> open(QByteArrayView sealed, QByteArrayView context) const override
    {
        const QByteArray plain = scrambled(sealed.toByteArray());
        const QByteArray head = context.toByteArray() + '\n';
        if (!plain.startsWith(head))
            return base::fail(base::ErrorCode::Denied,
                              base::Message::tr("This key cannot be opened."));
        return base::Secret(plain.sliced(head.size()));
    }

private:
    static QByteArray scrambled(QByteArray bytes)
    {
        for (char &byte : bytes)
            byte = static_cast<char>(byte ^ 0x5a);
        return bytes;
    }
};

} // namespace gatehouse::support
