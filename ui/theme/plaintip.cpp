#include "theme/plaintip.h"

#include <QTextDocument>

namespace gatehouse::ui {

using namespace Qt::StringLiterals;

QString plainTip(const QString &text)
{
    // Only markup is broken into lines.
    constexpr qsizetype longestLine = 100;
    const QList<QStringView> lines = QStringView(text).split(u'\n');
    const bool isLong = std::any_of(
        lines.begin(), lines.end(), [](QStringView line) { return line.size() > longestLine; });
    if (!isLong && !Qt::mightBeRichText(text))
        return text;
    return u"<qt>"_s + text.toHtmlEscaped().replace(u'\n', u"<br>"_s) + u"</qt>"_s;
}

} // namespace gatehouse::ui
