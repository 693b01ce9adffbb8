#pragma once

#include "base/result.h"

#include <QByteArray>
#include <QByteArrayView>

#include <optional>
#include <vector>

namespace gatehouse::http {

// Replaces `%41` by `A` (RFC 3986, section 2.1). '+' stays what it is. A '%' without two hexadecimal
// digits behind it, and a NUL in either form, is an error.
base::Result<QByteArray> decodePercent(QByteArrayView text);

// As application/x-www-form-urlencoded has it: '+' is a space.
base::Result<QByteArray> decodeForm(QByteArrayView text);

struct Parameter
{
    QByteArray name{};
    QByteArray value{};
};

// The parameters of a query, without '?', or of a form, in their order. Empty pieces between two '&'
// are skipped; one without '=' has an empty value.
base::Result<std::vector<Parameter>> parametersFrom(QByteArrayView query);

// The first parameter of that name.
std::optional<QByteArray> parameter(const std::vector<Parameter> &parameters, QByteArrayView name);

// The parts of a path between its slashes, decoded: "/v1/a%2Fb" gives "v1" and "a/b", a slash at the
// end gives an empty last part. "." and ".." are errors, in whatever form: a path names one thing.
base::Result<std::vector<QByteArray>> segmentsOf(QByteArrayView path);

} // namespace gatehouse::http
