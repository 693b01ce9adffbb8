#include "ui/widgetgallery.h"

#include "ui/sampletable.h"

#include "theme/icons.h"
#include "theme/style.h"
#include "theme/theme.h"
#include "widgets/buttons.h"
#include "widgets/detailpane.h"
#include "widgets/dialogs/dialogfooter.h"
#include "widgets/emptystate.h"
#include "widgets/fields/chiprow.h"
#include "widgets/fields/copybutton.h"
#include "widgets/fields/form.h"
#include "widgets/fields/keylistedit.h"
#include "widgets/fields/searchablelist.h"
#include "widgets/fields/secretfield.h"
#include "widgets/fields/segmentedcontrol.h"
#include "widgets/fields/tagedit.h"
#include "widgets/fields/unitfield.h"
#include "widgets/messagebar.h"
#include "widgets/pageheader.h"
#include "widgets/qrcode.h"
#include "widgets/secondarylabel.h"
#include "widgets/sectionheading.h"
#include "widgets/splitter.h"
#include "widgets/statuschip.h"
#include "widgets/table/filterfield.h"
#include "widgets/table/pairtable.h"
#include "widgets/table/tablefooter.h"
#include "widgets/table/tableview.h"

#include <QAction>
#include <QCheckBox>
#include <QMenu>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace gatehouse::tests {

using namespace ui;

namespace {

QAction *makeAction(QWidget *parent, const QString &text, QStringView iconName)
{
    auto *action = new QAction(text, parent);
    if (!iconName.isEmpty())
        action->setIcon(icon(iconName));
    return action;
}

PageHeader *makeHeader(QWidget *page, TableFilterModel *filter)
{
    auto *header = new PageHeader(page);
    header->setTitle(u"Channels"_s);
    header->setCount(12);
    auto *field = new FilterField(header);
    field->setKeys(filter->keys());
    field->setProblem([filter](const domain::FilterTerm &term) { return filter->problem(term); });
    field->setPlaceholderText(u"Filter, e.g. status:open type:openai"_s);
    field->setText(u"wrong:x"_s);
    header->addFilter(field);
    header->addButton(makeAction(page, u"Test all"_s, u"plug-zap"));
    header->addPrimary(makeAction(page, u"Add channel"_s, u"plus"));
    QAction *toggle = makeAction(page, u"Details"_s, u"panel-right");
    toggle->setCheckable(true);
    toggle->setChecked(true);
    header->addToggle(toggle);
    header->setOverflow(
        [action = makeAction(page, u"Export…"_s, u"download")] { return QList{action}; });
    return header;
}

MessageBar *makeMessage(QWidget *page)
{
    auto *bar = new MessageBar(page);
    bar->showMessage({.id = u"other"_s, .tone = Tone::Busy, .text = u"An update is ready."_s});
    bar->showMessage(
        {.id = u"breaker"_s,
         .subject = u"DeepSeek"_s,
         .text =
             u"is paused until 14:32 after five 503 answers. Its models go to OpenRouter meanwhile."_s,
         .actions = {{u"Show the errors"_s, [] {}}, {u"Try now"_s, [] {}}}});
    return bar;
}

DetailPane *makeDetails(QWidget *page)
{
    auto *pane = new DetailPane(page);
    pane->setTile(u"OpenAI"_s);
    pane->setTitle(u"OpenAI"_s);
    pane->addTool(makeAction(page, u"Edit"_s, u"pencil"));
    pane->addTool(makeAction(page, u"More"_s, u"ellipsis"));
    auto *body = new QWidget(pane);
    auto *layout = new QVBoxLayout(body);
    layout->setContentsMargins(Theme::px(12), Theme::px(12), Theme::px(12), Theme::px(12));
    auto *chip = new StatusChip(body);
    chip->setHealth(domain::Health::Degraded);
    layout->addWidget(chip);
    layout->addWidget(new SectionHeading(u"Recent failures"_s, body));
    layout->addWidget(
        new SecondaryLabel(u"14:27  429 rate limit, key …9fQ2"_s, TextRole::Small, body));
    auto *empty = new EmptyState(body);
    empty->setFiltered(u"No channel matches “gpt”."_s);
    layout->addWidget(empty, 1);
    pane->addTab(u"Overview"_s, body);
    for (const QString &title : {u"Keys"_s, u"Models"_s, u"Routing"_s, u"History"_s})
        pane->addTab(title, new QWidget(pane));
    auto *footer = new QWidget(pane);
    auto *buttons = new QHBoxLayout(footer);
    buttons->setContentsMargins(Theme::px(12), Theme::px(9), Theme::px(12), Theme::px(9));
    buttons->addWidget(makeButton(makeAction(page, u"Test"_s, u"plug-zap"), footer));
    buttons->addWidget(makeButton(makeAction(page, u"View traffic"_s, u"activity"), footer));
    buttons->addStretch();
    buttons->addWidget(makeButton(makeAction(page, u"Edit…"_s, {}), footer));
    pane->setFooter(footer);
    return pane;
}

} // namespace

QWidget *makeTableGallery()
{
    auto *page = new QWidget;
    page->resize(Theme::px(1032), Theme::px(668));
    auto *model = makeSampleModel(page);
    model->setRows(sampleRows());
    auto *filter = new TableFilterModel(page);
    filter->setSourceModel(model);

    auto *table = new QWidget(page);
    auto *view = new TableView(table);
    view->setObjectName(u"view"_s);
    view->setAccessibleName(u"Channels"_s);
    view->setModel(filter);
    view->sortBy({{3, Qt::AscendingOrder}, {2, Qt::DescendingOrder}});
    view->setCurrentIndex(filter->index(1, 2));
    auto *footer = new TableFooter(table);
    footer->setSelection(u"3 selected"_s, u", $0.95 in 24 h"_s);
    footer->addBulkAction(makeAction(page, u"Disable"_s, {}));
    footer->addBulkAction(makeAction(page, u"Test"_s, {}));
    footer->setBulkVisible(true);
    footer->setTotals(u"24 h: 4,812 requests, $21.37"_s);
    auto *tableLayout = new QVBoxLayout(table);
    tableLayout->setContentsMargins(0, 0, 0, 0);
    tableLayout->setSpacing(0);
    tableLayout->addWidget(view);
    tableLayout->addWidget(footer);

    auto *splitter = new Splitter(Qt::Horizontal, page);
    splitter->addWidget(table);
    splitter->addWidget(makeDetails(page));
    splitter->setSizes({Theme::px(678), Theme::px(354)});

    auto *chips = new ChipRow(page);
    chips->setChips({{.id = u"all"_s, .text = u"All"_s, .count = 4812},
                     {.id = u"errors"_s, .text = u"Errors"_s, .count = 101},
                     {.id = u"mine"_s, .text = u"Mine"_s}});
    chips->setCurrent(u"all"_s);
    auto *range = new SegmentedControl(chips);
    range->setSegments({{u"15m"_s, u"15 m"_s}, {u"1h"_s, u"1 h"_s}, {u"24h"_s, u"24 h"_s}});
    range->setCurrent(u"24h"_s);
    chips->addWidget(range);

    auto *layout = new QVBoxLayout(page);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(makeHeader(page, filter));
    auto *message = new QVBoxLayout;
    message->setContentsMargins(Theme::px(12), 0, Theme::px(12), Theme::px(8));
    message->addWidget(makeMessage(page));
    layout->addLayout(message);
    layout->addWidget(chips);
    layout->addSpacing(Theme::px(8));
    layout->addWidget(splitter, 1);
    return page;
}

QWidget *makeFieldGallery()
{
    auto *dialog = new QWidget;
    dialog->resize(Theme::px(860), Theme::px(880));
    auto *gallery = new SearchableList(dialog);
    gallery->setSearchPlaceholder(u"Search 46 providers"_s);
    gallery->setListName(u"Providers"_s);
    gallery->setEntries({{.id = u"ollama"_s,
                          .text = u"Ollama"_s,
                          .group = u"On this computer"_s,
                          .tile = u"ollama"_s,
                          .badge = u"running"_s,
                          .badgeTone = Tone::Good},
                         {.id = u"anthropic"_s,
                          .text = u"Anthropic"_s,
                          .group = u"Common"_s,
                          .tile = u"Anthropic"_s},
                         {.id = u"openai"_s,
                          .text = u"OpenAI"_s,
                          .group = u"Common"_s,
                          .tile = u"OpenAI"_s,
                          .keywords = {u"gpt"_s}}});
    gallery->setCurrentId(u"anthropic"_s);

    auto *form = new Form(dialog);
    auto *name = new QLineEdit(u"Anthropic – family"_s, form);
    form->addField(name, [] { return u"&Name"_s; });
    auto *address = new QLineEdit(u"https://api.anthropic.com"_s, form);
    form->addField(
        address,
        [] { return u"Address"_s; },
        [] { return u"Requests will go to https://api.anthropic.com/v1/messages"_s; });
    auto *keys = new KeyListEdit(form);
    keys->setKeys({base::Secret(u"sk-ant-api03-aaaaaaaaaaaax7Qa"_s),
                   base::Secret(u"sk-ant-api03-bbbbbbbbbbbbm2Kd"_s)});
    form->addField(
        keys, [] { return u"Keys"_s; }, [] { return u"2 keys, one a line"_s; });
    auto *tags = new TagEdit(form);
    tags->setTags({u"claude-opus-4-5"_s, u"claude-sonnet-4-5"_s, u"claude-haiku-4-5"_s});
    form->addField(tags, [] { return u"Models"_s; });
    form->addSection([] { return u"Limits"_s; });
    auto *budget = new MoneyField(form);
    budget->setAmount(domain::Quota{25'000'000});
    auto *timeout = new DurationField(form);
    timeout->setDuration(90s);
    auto *copy = new CopyButton(u"Copy the budget"_s, form);
    form->addLine({budget, copy}, [] { return u"Budget"_s; });
    form->addField(timeout, [] { return u"Timeout"_s; });
    auto *size = new BytesField(form);
    size->setText(u"many"_s);
    form->addField(size, [] { return u"Body limit"_s; });
    form->setError(size, size->problem());
    auto *password = new SecretField(form);
    password->setSecret(base::Secret(u"correct horse"_s));
    password->setCopyable(true);
    form->addField(password, [] { return u"Password"_s; });
    form->addControl(new QCheckBox(u"Send one short message"_s, form));
    auto *pairs = new PairTable(form);
    pairs->setTitles(u"Model asked for"_s, u"Model sent"_s);
    pairs->setPairs({{u"gpt-4"_s, u"gpt-4o"_s}});
    form->addField(pairs, [] { return u"Mapping"_s; });

    auto *code = new QrCode(dialog);
    code->setContent(
        base::Secret(u"https://192.168.1.20:3000 sk-gh-7Qm2Zc9VbT4xKp8RwLs3Yd6NfHa1B2"_s));
    auto *footer = new DialogFooter(dialog);
    footer->setNote(u"The keys are sealed with this computer’s keychain."_s);
    footer->addButton(QDialogButtonBox::Cancel);
    footer->addButton(u"Save disabled"_s, QDialogButtonBox::ActionRole);
    footer->addButton(u"Save"_s, QDialogButtonBox::AcceptRole)->setDefault(true);

    auto *middle = new QHBoxLayout;
    middle->setSpacing(0);
    gallery->setMaximumWidth(Theme::px(232));
    middle->addWidget(gallery);
    auto *right = new QVBoxLayout;
    right->setContentsMargins(Theme::px(20), Theme::px(14), Theme::px(20), Theme::px(14));
    right->addWidget(form);
    right->addStretch();
    middle->addLayout(right, 1);
    auto *side = new QVBoxLayout;
    side->setContentsMargins(0, Theme::px(14), Theme::px(14), 0);
    side->addWidget(code);
    side->addStretch();
    middle->addLayout(side);
    auto *layout = new QVBoxLayout(dialog);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(middle, 1);
    layout->addWidget(footer);
    return dialog;
}

} // namespace gatehouse::tests
