#include "widgets/fields/newpassword.h"

#include "admin/people/passwordpool.h"

#include <QCoreApplication>
#include <QSet>

namespace gatehouse::ui {

namespace {

struct NewPassword
{
    Q_DECLARE_TR_FUNCTIONS(gatehouse::ui::NewPassword)
};

} // namespace

QString newPasswordNote()
{
    return NewPassword::tr("%1 to %2 characters.")
        .arg(admin::shortestPassword)
        .arg(admin::longestPassword);
}

QString newPasswordProblem(const QString &password)
{
    if (password.size() < admin::shortestPassword || password.size() > admin::longestPassword) {
        return NewPassword::tr("A password has %1 to %2 characters.")
            .arg(admin::shortestPassword)
            .arg(admin::longestPassword);
    }
    constexpr qsizetype fewest = 4;
    if (QSet<QChar>(password.begin(), password.end()).size() < fewest)
        return NewPassword::tr("This is easily guessed: use more different characters.");
    return {};
}

} // namespace gatehouse::ui
