#include "preferences/networkseditor.h"

#include "domain/networks.h"
#include "widgets/fields/tagedit.h"

#include <QComboBox>
#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

NetworksEditor::NetworksEditor(QWidget *parent)
    : SettingEditor(parent)
    , m_choice(new QComboBox(this))
    , m_ranges(new TagEdit(this))
{
    for (const Choice offered : {Everywhere, ThisComputer, LocalNetwork, Own})
        m_choice->addItem(QString(), offered);
    m_ranges->setPlaceholderText(u"192.168.0.0/16"_s);
    add(m_choice);
    add(m_ranges, 1);
    chosen();
    connect(m_choice, &QComboBox::currentIndexChanged, this, [this] {
        chosen();
        notify();
    });
    connect(m_ranges, &TagEdit::tagsChanged, this, &NetworksEditor::notify);
}

bool NetworksEditor::isFor(const admin::SettingView &setting)
{
    return setting.key == "server.allowed_networks"_L1;
}

void NetworksEditor::setValue(const QString &value)
{
    static const QRegularExpression separators(u"[\\s,;]+"_s);
    const QStringList networks = value.split(separators, Qt::SkipEmptyParts);
    const auto isWord = [&networks](QLatin1StringView word) {
        return networks.size() == 1 && networks.front().compare(word, Qt::CaseInsensitive) == 0;
    };
    const Choice wanted = networks.isEmpty()                 ? Everywhere
                          : isWord(domain::thisComputerWord) ? ThisComputer
                          : isWord(domain::localNetworkWord) ? LocalNetwork
                                                             : Own;
    m_quiet = true;
    m_choice->setCurrentIndex(m_choice->findData(wanted));
    m_ranges->setTags(wanted == Own ? networks : QStringList());
    m_quiet = false;
    chosen();
}

QString NetworksEditor::value() const
{
    switch (choice()) {
    case ThisComputer:
        return domain::thisComputerWord;
    case LocalNetwork:
        return domain::localNetworkWord;
    case Own:
        return m_ranges->tags().join(u' ');
    case Everywhere:
        break;
    }
    return {};
}

QString NetworksEditor::problem() const
{
    if (choice() != Own)
        return {};
    if (m_ranges->tags().isEmpty())
        return tr("Enter a network, such as 192.168.0.0/16.");
    const auto networks = domain::networksFrom(value());
    return networks ? QString() : networks.error().message.translated();
}

void NetworksEditor::retranslate(const admin::SettingView &setting)
{
    m_choice->setItemText(Everywhere, tr("Everywhere"));
    m_choice->setItemText(ThisComputer, tr("This computer only"));
    m_choice->setItemText(LocalNetwork, tr("This computer and the local network"));
    m_choice->setItemText(Own, tr("These networks"));
    for (QWidget *named : {static_cast<QWidget *>(m_ranges), m_ranges->focusProxy()})
        named->setAccessibleName(tr("Networks: %1").arg(setting.label));
}

NetworksEditor::Choice NetworksEditor::choice() const
{
    return static_cast<Choice>(m_choice->currentData().toInt());
}

void NetworksEditor::chosen()
{
    m_ranges->setVisible(choice() == Own);
}

void NetworksEditor::notify()
{
    if (m_quiet)
        return;
    emit edited();
    emit committed();
}

} // namespace gatehouse::ui
