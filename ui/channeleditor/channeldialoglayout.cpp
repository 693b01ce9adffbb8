// The parts of a ChannelDialog and where they stand.
#include "admin/administration.h"
#include "admin/channels/channelrecognition.h"
#include "channeleditor/channeladvanced.h"
#include "channeleditor/channeldialog.h"
#include "channeleditor/channelgroups.h"
#include "channeleditor/channelkeys.h"
#include "theme/icons.h"
#include "theme/theme.h"
#include "widgets/busyline.h"
#include "widgets/buttons.h"
#include "widgets/dialogs/dialogfooter.h"
#include "widgets/fields/form.h"
#include "widgets/fields/keylistedit.h"
#include "widgets/fields/tagedit.h"
#include "widgets/messagebar.h"
#include "widgets/secondarylabel.h"
#include "widgets/weblink.h"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QSpinBox>
#include <QStackedWidget>
#include <QToolButton>
#include <QVBoxLayout>

#include <functional>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

using domain::ChannelStatus;

namespace {

// A field that shows what it holds, and so must not keep keys that were meant for another field. Whatever
// comes in by one edit (a paste, a drop, the middle button) is offered to `take` first; what that takes
// stays out of the field and out of what can be undone in it.
class OfferingLineEdit final : public QLineEdit
{
public:
    OfferingLineEdit(std::function<bool(const QString &)> take, QWidget *parent)
        : QLineEdit(parent)
        , m_take(std::move(take))
    {
        connect(this, &QLineEdit::textEdited, this, &OfferingLineEdit::offer);
        connect(this, &QLineEdit::textChanged, this, [this] { m_former = text(); });
    }

private:
    void offer(const QString &now)
    {
        constexpr qsizetype shortestKey = 16;
        const QString former = m_former;
        const qsizetype end = cursorPosition();
        qsizetype start = 0;
        while (start < qMin(former.size(), end) && former[start] == now[start])
            ++start;
        // What was there may begin as what came in does, if it was replaced.
        for (; start >= 0; --start) {
            const QString added = now.sliced(start, end - start);
            if (added.size() < shortestKey || admin::recognizeChannel(added).isEmpty())
                continue;
            setText(former);
            m_take(added);
            return;
        }
    }

    const std::function<bool(const QString &)> m_take;
    QString m_former{};
};

} // namespace

void ChannelDialog::build()
{
    auto *top = new QHBoxLayout;
    top->setSpacing(0);
    top->addWidget(makeGallery());
    auto *line = new QFrame(this);
    line->setFrameShape(QFrame::VLine);
    line->setForegroundRole(QPalette::Mid);
    top->addWidget(line);
    auto *side = new QVBoxLayout;
    side->setSpacing(0);
    m_messages = new MessageBar(this);
    side->addWidget(m_messages);
    side->addWidget(makeForm(), 1);
    top->addLayout(side, 1);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(top, 1);
    layout->addWidget(makeFooter());
    resize(Theme::px(860), Theme::px(648));
}

QWidget *ChannelDialog::makeGallery()
{
    auto *side = new QWidget(this);
    side->setBackgroundRole(QPalette::Base);
    side->setAutoFillBackground(true);
    side->setFixedWidth(Theme::px(232));
    m_gallery = new SearchableList(side);
    m_gallery->setListName(tr("Providers"));
    auto *layout = new QVBoxLayout(side);
    layout->setContentsMargins(Theme::px(10), Theme::px(10), Theme::px(10), 0);
    layout->addWidget(m_gallery);
    connect(m_gallery, &SearchableList::chosen, this, [this](const QString &id) {
        m_chosen = id;
        chooseByHand(choiceFrom(id));
    });
    // What keys or a search passed over was not chosen.
    const auto showChosen = [this] { m_gallery->setCurrentId(m_chosen); };
    connect(m_gallery, &SearchableList::left, this, showChosen);
    connect(m_gallery, &SearchableList::searchChanged, this, [showChosen](const QString &text) {
        if (text.isEmpty())
            showChosen();
    });
    connect(m_gallery, &SearchableList::activated, this, [this] {
        (takesKeys() ? static_cast<QWidget *>(m_keys) : m_name)->setFocus();
    });
    return side;
}

QWidget *ChannelDialog::makeForm()
{
    m_form = new Form(this);
    addProvider();
    addModels();
    addOrder();
    addAdvanced();
    auto *content = new QWidget(this);
    auto *layout = new QVBoxLayout(content);
    layout->setContentsMargins(Theme::px(18), Theme::px(14), Theme::px(18), Theme::px(14));
    layout->addWidget(m_form);
    layout->addStretch(1);
    m_scroll = new QScrollArea(this);
    m_scroll->setWidgetResizable(true);
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_scroll->setWidget(content);
    return m_scroll;
}

void ChannelDialog::addProvider()
{
    const auto take = [this](const QString &text) { return pasteText(text); };
    m_name = new OfferingLineEdit(take, this);
    m_documentation = new WebLink(tr("Documentation"), this);
    m_url = new OfferingLineEdit(take, this);
    m_url->setInputMethodHints(Qt::ImhUrlCharactersOnly);
    m_caution = new SecondaryLabel(TextRole::Small, this);
    m_caution->setWordWrap(true);
    m_caution->setTone(Tone::Caution);
    m_keys = new ChannelKeys(this);
    m_testLine = makeTestLine();
    m_form->addLine({m_name, m_documentation}, [] { return tr("Name"); });
    m_form->addField(m_url, [] { return tr("Address"); });
    m_form->addControl(m_caution);
    m_form->setFieldVisible(m_caution, false);
    m_form->addField(m_keys, [] { return tr("Keys"); });
    m_form->addControl(m_testLine);
    connect(m_name, &QLineEdit::textChanged, this, &ChannelDialog::reviewNotes);
    connect(m_url, &QLineEdit::textChanged, this, &ChannelDialog::reviewAddress);
    connect(m_keys, &ChannelKeys::changed, this, &ChannelDialog::keysChanged);
    connect(
        m_keys,
        &ChannelKeys::pasted,
        this,
        [this](const QString &text, bool *taken) { *taken = pasteText(text); },
        Qt::DirectConnection);
}

QWidget *ChannelDialog::makeTestLine()
{
    auto *line = new QWidget(this);
    m_test = new QPushButton(icon(u"plug-zap"), tr("Test && fetch models"), line);
    m_test->setAutoDefault(false);
    m_chat = new QCheckBox(tr("Send one short message"), line);
    m_chat->setToolTip(tr("Asks for one token through each key. The provider may charge for it."));
    auto *cost = new SecondaryLabel(tr("costs very little"), TextRole::Small, line);
    m_busy = new BusyLine(line);
    auto *controls = new QHBoxLayout;
    controls->setSpacing(Theme::px(8));
    controls->addWidget(m_test);
    controls->addWidget(m_chat);
    controls->addStretch();
    controls->addWidget(cost);
    auto *layout = new QVBoxLayout(line);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(Theme::px(4));
    layout->addLayout(controls);
    layout->addWidget(m_busy);
    line->setFocusProxy(m_test);
    connect(m_test, &QPushButton::clicked, this, &ChannelDialog::startOrStopTest);
    return line;
}

void ChannelDialog::addModels()
{
    m_modelsField = new QWidget(this);
    m_modelStack = new QStackedWidget(m_modelsField);
    m_modelStack->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Maximum);
    m_models = new TagEdit(m_modelStack);
    m_models->setPlaceholderText(tr("type a model, or fetch the list"));
    m_modelSummary = new QLineEdit(m_modelStack);
    m_modelSummary->setReadOnly(true);
    m_modelSummary->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    m_modelSummary->setAccessibleName(tr("Models"));
    m_modelStack->addWidget(m_models);
    m_modelStack->addWidget(m_modelSummary);
    m_chooseModels = new QPushButton(tr("Choose…"), m_modelsField);
    m_chooseModels->setAutoDefault(false);
    m_chooseModels->setAccessibleName(tr("Choose models"));
    auto *layout = new QHBoxLayout(m_modelsField);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(Theme::px(8));
    layout->addWidget(m_modelStack, 1, Qt::AlignTop);
    layout->addWidget(m_chooseModels, 0, Qt::AlignTop);
    m_modelsField->setFocusProxy(m_models);
    m_form->addField(m_modelsField, [] { return tr("Models"); });
    connect(m_models, &TagEdit::tagsChanged, this, &ChannelDialog::reviewNotes);
    connect(m_chooseModels, &QPushButton::clicked, this, &ChannelDialog::chooseModels);
}

void ChannelDialog::addOrder()
{
    m_priority = new QSpinBox(this);
    m_priority->setRange(std::numeric_limits<int>::min(), std::numeric_limits<int>::max());
    m_priority->setMaximumWidth(Theme::px(92));
    m_priority->setAccessibleName(tr("Priority"));
    m_weight = new QSpinBox(this);
    m_weight->setRange(0, 1'000'000);
    auto *weightLabel = new QLabel(tr("Weight"), this);
    weightLabel->setBuddy(m_weight);
    m_weight->setAccessibleName(tr("Weight"));
    m_groups = new TagEdit(this);
    m_tags = new TagEdit(this);
    m_note = new QPlainTextEdit(this);
    m_note->setTabChangesFocus(true);
    m_note->setFixedHeight(m_note->fontMetrics().lineSpacing() * 2 + Theme::px(14));
    m_form->addLine(
        {m_priority, weightLabel, m_weight},
        [] { return tr("Priority"); },
        [] { return tr("The highest priority is tried first; channels of one share by weight."); });
    m_groupNotes = new ChannelGroups(m_services, m_groups, this);
    m_form->addLine(
        m_groupNotes->controls(),
        [] { return tr("Groups"); },
        [] { return tr("Users of these groups are served."); });
    m_form->addField(m_tags, [] { return tr("Tags"); });
    m_form->addField(m_note, [] { return tr("Note"); });
    connect(m_groupNotes, &ChannelGroups::changed, this, &ChannelDialog::reviewNotes);
    connect(m_groupNotes, &ChannelGroups::failed, this, &ChannelDialog::fail);
}

void ChannelDialog::addAdvanced()
{
    m_fold = new QToolButton(this);
    m_fold->setText(tr("Advanced"));
    m_fold->setFont(Theme::font(TextRole::BodyMedium));
    m_fold->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_fold->setAutoRaise(true);
    m_fold->setCheckable(true);
    m_fold->setArrowType(Qt::RightArrow);
    auto *what = new SecondaryLabel(
        tr("model names, headers, proxy, certificates, limits, price multiplier"),
        TextRole::Small,
        this);
    auto *head = new QWidget(this);
    auto *layout = new QHBoxLayout(head);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(Theme::px(8));
    layout->addWidget(m_fold);
    layout->addWidget(what);
    layout->addStretch();
    m_advanced = new ChannelAdvanced(m_services.administration.settings.current().proxies, this);
    m_advanced->hide();
    m_form->addWide(head);
    m_form->addWide(m_advanced);
    connect(m_fold, &QToolButton::toggled, this, [this](bool open) {
        m_fold->setArrowType(open ? Qt::DownArrow : Qt::RightArrow);
        m_advanced->setVisible(open);
    });
    connect(m_advanced, &ChannelAdvanced::changed, this, &ChannelDialog::reviewAddress);
}

QWidget *ChannelDialog::makeFooter()
{
    auto *footer = new DialogFooter(this);
    footer->setNote(tr("Keys are stored encrypted and are not shown again."));
    const bool wasOff = m_edited && m_edited->status != ChannelStatus::Enabled;
    m_save = footer->addButton(wasOff ? tr("Save and enable") : tr("Save"),
                               QDialogButtonBox::AcceptRole);
    m_saveDisabled = footer->addButton(tr("Save disabled"), QDialogButtonBox::AcceptRole);
    auto *cancel = footer->addButton(QDialogButtonBox::Cancel);
    m_save->setDefault(true);
    // The buttons decide: what is refused must not close the dialog.
    connect(m_save, &QPushButton::clicked, this, [this] { save(ChannelStatus::Enabled); });
    connect(m_saveDisabled, &QPushButton::clicked, this, [this] {
        const bool isOff = m_edited && m_edited->status != ChannelStatus::Enabled;
        save(isOff ? m_edited->status : ChannelStatus::DisabledByHand);
    });
    connect(cancel, &QPushButton::clicked, this, &ChannelDialog::reject);
    return footer;
}

} // namespace gatehouse::ui
