#pragma once

#include "admin/flow.h"
#include "domain/group.h"
#include "widgets/services.h"

#include <QCoreApplication>
#include <QList>
#include <QStringList>

namespace gatehouse::ui {

// What a person changes of groups, each as a command that can be taken back.
class GroupCommands
{
    Q_DECLARE_TR_FUNCTIONS(gatehouse::ui::GroupCommands)

public:
    explicit GroupCommands(const Services &services);

    // Fails where there is one of such a name.
    admin::Answer<> add(const QList<domain::Group> &groups);
    admin::Answer<> setFactor(const domain::Group &group, qint64 ratioMillionths);
    // Users and channels go with it.
    admin::Answer<> rename(const domain::Group &group, const QString &typed);
    // Fails while users or channels are in it.
    admin::Answer<> remove(const domain::Group &group);

    // "0.8", in the locale of the moment.
    static QString factorText(qint64 ratioMillionths);
    // InvalidInput: it is no number, or none that a factor can be.
    static base::Result<qint64> factorFrom(const QString &typed);

private:
    const Services m_services;
};

} // namespace gatehouse::ui
