#include "channeleditor/foreignkeys.h"

#include "admin/channels/channelrecognition.h"
#include "channeleditor/channelgallery.h"
#include "widgets/format.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

constexpr qsizetype mostShown = 4;

class ForeignKeyTexts
{
    Q_DECLARE_TR_FUNCTIONS(gatehouse::ui::ChannelKeys)
};

QString makerOf(const base::Secret &key)
{
    const int type = admin::providerTypeOfKey(key.reveal());
    return type == 0 ? QString() : choiceName({.type = type});
}

} // namespace

SortedKeys sortKeys(const QList<base::Secret> &keys, int type)
{
    SortedKeys sorted;
    for (const base::Secret &key : keys)
        (admin::isKeyOfAnother(key.reveal(), type) ? sorted.foreign : sorted.own).append(key);
    return sorted;
}

QString leftOutText(const QList<base::Secret> &foreign, int type)
{
    if (foreign.isEmpty())
        return {};
    QStringList shown;
    for (const base::Secret &key : foreign.mid(0, mostShown)) {
        shown.append(ForeignKeyTexts::tr("%1 (%2)", "a key and who made it")
                         .arg(Format::masked(QString::fromUtf8(key.reveal())), makerOf(key)));
    }
    if (foreign.size() > mostShown)
        shown.append(
            ForeignKeyTexts::tr("%n more", nullptr, static_cast<int>(foreign.size() - mostShown)));
    return ForeignKeyTexts::tr(
               "Left out, since the keys of this channel go to %1: %2. Add another channel "
               "for keys of another provider.")
        .arg(choiceName({.type = type}), Format::list(shown));
}

QStringList keyCautions(const QList<base::Secret> &keys, int type, bool isAtProvider)
{
    const QList<base::Secret> foreign =
        isAtProvider ? sortKeys(keys, type).foreign : QList<base::Secret>();
    QStringList texts;
    for (const base::Secret &key : foreign.mid(0, mostShown)) {
        texts.append(ForeignKeyTexts::tr("The key %1 is one of %2, but would be sent to %3.")
                         .arg(Format::masked(QString::fromUtf8(key.reveal())),
                              makerOf(key),
                              choiceName({.type = type})));
    }
    if (!texts.isEmpty())
        return texts;
    QStringList makers;
    for (const base::Secret &key : keys) {
        const QString maker = makerOf(key);
        if (!maker.isEmpty() && !makers.contains(maker))
            makers.append(maker);
    }
    if (makers.size() > 1) {
        texts.append(ForeignKeyTexts::tr(
                         "These are keys of several providers: %1. All of them would be sent "
                         "to the address of this channel.")
                         .arg(Format::list(makers)));
    }
    return texts;
}

} // namespace gatehouse::ui
