#include "admin/boxsealer.h"

#include "base/logging.h"

namespace gatehouse::admin {

QByteArray BoxSealer::seal(const base::Secret &secret, QByteArrayView context) const
{
    const base::Result<QByteArray> box = m_box.seal(secret, context);
    if (!box) {
        qCCritical(base::lcAdmin) << "A secret could not be sealed:"
                                  << box.error().message.english();
        return {};
    }
    return *box;
}

base::Result<base::Secret> BoxSealer::open(QByteArrayView sealed, QByteArrayView context) const
{
    return m_box.open(sealed, context);
}

} // namespace gatehouse::admin
