#include "channeleditor/linksheet.h"

#include "channeleditor/channelgallery.h"
#include "domain/providertype.h"
#include "theme/theme.h"
#include "widgets/dialogs/dialogfooter.h"
#include "widgets/dialogs/dialoglayout.h"
#include "widgets/fields/form.h"
#include "widgets/secondarylabel.h"

#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

// Enough of a key to know it by, and of no use to anybody else.
QString masked(const base::Secret &key)
{
    constexpr qsizetype shown = 4;
    constexpr qsizetype shortest = 16;
    const QString text = QString::fromLatin1(key.reveal());
    const QString dots(8, u'•');
    return text.size() < shortest ? dots : dots + text.last(shown);
}

QStringList warningsOf(const admin::LinkedChannel &channel)
{
    QStringList warnings;
    if (channel.mixesScripts)
        warnings.append(LinkSheet::tr("The address mixes letters of several scripts. It may look "
                                      "like one that you know, and is another one."));
    if (channel.leadsInside)
        warnings.append(LinkSheet::tr("The address leads to this computer or to the network it "
                                      "stands in, not to a provider on the internet."));
    if (!channel.key.isEmpty())
        warnings.append(LinkSheet::tr("The link brings a key. Whoever made the link knows it, and "
                                      "may see what is sent with it."));
    return warnings;
}

} // namespace

LinkSheet::LinkSheet(const admin::LinkedChannel &channel, QWidget *parent)
    : QDialog(parent)
{
    setWindowTitle(tr("Channel from a link"));
    setWindowModality(Qt::WindowModal);
    auto *heading =
        new SecondaryLabel(tr("A link proposes this channel."), TextRole::Heading, this);
    auto *text = new SecondaryLabel(
        tr("Anybody can make such a link. Go on only if you trust where it comes from. Nothing is "
           "stored before you save the channel."),
        TextRole::Body,
        this);
    QList<SecondaryLabel *> labels{heading, text};
    Form *form = makeForm(channel);
    for (const QString &warning : warningsOf(channel)) {
        auto *label = new SecondaryLabel(warning, TextRole::Body, this);
        label->setTone(Tone::Caution);
        labels.append(label);
    }
    for (SecondaryLabel *label : std::as_const(labels)) {
        label->setTextFormat(Qt::PlainText);
        label->setWordWrap(true);
    }
    heading->setPlain(true);
    text->setPlain(true);

    auto *footer = new DialogFooter(this);
    QPushButton *proceed = footer->addButton(tr("Review channel…"), QDialogButtonBox::AcceptRole);
    QPushButton *cancel = footer->addButton(QDialogButtonBox::Cancel);
    const bool isHarmless = channel.key.isEmpty() && channel.baseUrl.isEmpty();
    QPushButton *usual = isHarmless ? proceed : cancel;
    (isHarmless ? cancel : proceed)->setAutoDefault(false);
    usual->setDefault(true);
    usual->setFocus();
    connect(footer, &DialogFooter::accepted, this, &QDialog::accept);
    connect(footer, &DialogFooter::rejected, this, &QDialog::reject);

    QVBoxLayout *content = layOut(this, footer);
    content->setSpacing(Theme::px(12));
    content->addWidget(heading);
    content->addWidget(text);
    content->addWidget(form);
    for (SecondaryLabel *label : labels.mid(2))
        content->addWidget(label);
    content->addStretch(1);
    resize(Theme::px(560), Theme::px(460));
}

Form *LinkSheet::makeForm(const admin::LinkedChannel &channel)
{
    auto *form = new Form(this);
    addValue(form, tr("A link"), [] { return tr("Origin"); });
    addValue(form,
             channel.type == 0 ? tr("The link does not tell") : choiceName({.type = channel.type}),
             [] { return tr("Provider"); });
    if (!channel.name.isEmpty())
        addValue(form, channel.name, [] { return tr("Name"); });
    if (!channel.baseUrl.isEmpty()) {
        addValue(form, channel.baseUrl, [] { return tr("Address"); });
        if (!channel.unicodeHost.isEmpty())
            addValue(form, channel.unicodeHost, [] { return tr("Host as written"); });
    }
    if (!channel.key.isEmpty())
        addValue(form, masked(channel.key), [] { return tr("Key"); });
    if (!channel.models.isEmpty())
        addValue(form, channel.models.join(u", "_s), [] { return tr("Models"); });
    return form;
}

// To be read and copied. What is long has more lines, so that all of it is seen.
void LinkSheet::addValue(Form *form, const QString &text, std::function<QString()> label)
{
    constexpr qsizetype oneLine = 48;
    if (text.size() <= oneLine) {
        auto *line = new QLineEdit(text, form);
        line->setReadOnly(true);
        line->setCursorPosition(0);
        form->addField(line, std::move(label));
        return;
    }
    auto *area = new QPlainTextEdit(text, form);
    area->setReadOnly(true);
    area->setTabChangesFocus(true);
    area->setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    constexpr int lines = 3;
    area->setFixedHeight(area->fontMetrics().lineSpacing() * lines + Theme::px(14));
    form->addField(area, std::move(label));
}

} // namespace gatehouse::ui
