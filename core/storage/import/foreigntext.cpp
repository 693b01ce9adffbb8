#include "storage/import/foreigntext.h"

#include "base/systemreason.h"
#include "storage/import/privatecopy.h"

#include <QFile>

namespace gatehouse::storage {

using base::ErrorCode;
using base::fail;
using base::Message;
using base::Result;

namespace {

tl::unexpected<base::Error> tooLarge(const QString &path)
{
    return fail(ErrorCode::LimitReached,
                Message::tr("The file %1 is larger than %2 MB, which no configuration is that can "
                            "be imported.")
                    .arg(path, largestForeignText / (1024 * 1024)));
}

} // namespace

Result<QByteArray> readForeignText(const QString &path, const std::stop_token &stop)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) {
        return fail(ErrorCode::Unavailable,
                    Message::tr("The file %1 cannot be read. Check its permissions.").arg(path),
                    base::systemReason(file.errorString()).english());
    }
    if (file.size() > largestForeignText)
        return tooLarge(path);
    // What is no real file has no size beforehand, and one that is written to may grow.
    constexpr qint64 piece = 1024 * 1024;
    QByteArray content;
    while (content.size() <= largestForeignText) {
        if (stop.stop_requested())
            return fail(importStopped());
        const QByteArray next = file.read(piece);
        if (next.isEmpty() && file.error() != QFile::NoError) {
            return fail(ErrorCode::Unavailable,
                        Message::tr("The file %1 cannot be read. Check its permissions.").arg(path),
                        base::systemReason(file.errorString()).english());
        }
        if (next.isEmpty())
            return content;
        content += next;
    }
    return tooLarge(path);
}

} // namespace gatehouse::storage
