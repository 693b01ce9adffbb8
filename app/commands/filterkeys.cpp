#include "commands/filterkeys.h"

#include "base/redaction.h"
#include "domain/filterquery.h"

using namespace Qt::StringLiterals;

namespace gatehouse::app {

base::Result<> checkFilterKeys(const QString &filter, const QStringList &known)
{
    for (const domain::FilterTerm &term : domain::filterQueryFrom(filter).terms) {
        const bool isAddress = term.value.startsWith("//"_L1);
        if (term.key.isEmpty() || known.contains(term.key) || isAddress)
            continue;
        return base::fail(
            base::ErrorCode::InvalidInput,
            base::Message::verbatim(
                u"The filter knows no key \"%1\". There are: %2. As a text that is looked for it "
                "stands in quotation marks."_s.arg(base::redacted(term.key.left(40)),
                                                   known.join(u", "_s))));
    }
    return {};
}

} // namespace gatehouse::app
