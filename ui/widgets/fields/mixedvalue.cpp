#include "widgets/fields/mixedvalue.h"

#include "widgets/format.h"

#include <QCoreApplication>
#include <QLineEdit>

namespace gatehouse::ui {

QString mixedText()
{
    return QCoreApplication::translate("MixedValue", "— (mixed)");
}

std::optional<qint64> wholeNumber(const QLineEdit *field, qint64 least, qint64 most)
{
    bool isNumber = false;
    const qint64 number = field->text().trimmed().toLongLong(&isNumber);
    return isNumber && number >= least && number <= most ? std::optional(number) : std::nullopt;
}

void showNumber(QLineEdit *field, std::optional<qint64> number)
{
    if (number)
        field->setText(QString::number(*number));
}

QString rangeProblem(const QLineEdit *field, qint64 least, qint64 most)
{
    if (field->text().trimmed().isEmpty() || wholeNumber(field, least, most))
        return {};
    return QCoreApplication::translate("MixedValue", "Enter a whole number from %1 to %2.")
        .arg(Format::count(least), Format::count(most));
}

} // namespace gatehouse::ui
