#include "channeleditor/proxychoice.h"

#include "domain/outgoingproxies.h"
#include "widgets/fields/mixedvalue.h"

namespace gatehouse::ui {

ProxyChoice::ProxyChoice(QWidget *parent)
    : QComboBox(parent)
{
    addItem(tr("As the system says (environment)"), System);
    addItem(tr("None"), None);
    addItem(tr("This address"), Own);
}

void ProxyChoice::addMixed()
{
    insertItem(0, mixedText(), Mixed);
    choose(Mixed);
}

void ProxyChoice::setProxy(const QString &proxy)
{
    choose(proxy.isEmpty() ? System : proxy == domain::noProxy ? None : Own);
}

QString ProxyChoice::proxy(const QString &address) const
{
    switch (currentData().toInt()) {
    case None:
        return domain::noProxy;
    case Own:
        return address;
    default:
        return {};
    }
}

bool ProxyChoice::isMixed() const
{
    return currentData().toInt() == Mixed;
}

bool ProxyChoice::needsAddress() const
{
    return currentData().toInt() == Own;
}

void ProxyChoice::choose(Choice choice)
{
    setCurrentIndex(findData(choice));
}

} // namespace gatehouse::ui
