#pragma once

#include "ui/windowfixture.h"

#include <QTest>

namespace gatehouse::support {

template<typename T>
T WindowFixture::wait(QFuture<base::Result<T>> answer)
{
    const bool came = QTest::qWaitFor([&answer] { return answer.isFinished(); }, 20'000);
    if (!came || answer.resultCount() == 0)
        qFatal("A service did not answer.");
    base::Result<T> result = answer.result();
    if (!result)
        qFatal("A service answered: %s", qPrintable(result.error().message.english()));
    if constexpr (!std::is_void_v<T>)
        return std::move(*result);
}

} // namespace gatehouse::support
