#include "storage/repositories/page.h"

namespace gatehouse::storage {

using namespace Qt::StringLiterals;

namespace {

QString escaped(QString text)
{
    return text.replace(u'\\', u"\\\\"_s).replace(u'%', u"\\%"_s).replace(u'_', u"\\_"_s);
}

} // namespace

QString prefixPattern(const QString &text)
{
    return escaped(text) + u'%';
}

QString containsPattern(const QString &text)
{
    return u'%' + escaped(text) + u'%';
}

} // namespace gatehouse::storage
