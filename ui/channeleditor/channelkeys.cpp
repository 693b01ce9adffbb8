#include "channeleditor/channelkeys.h"

#include "theme/theme.h"
#include "widgets/buttons.h"
#include "widgets/fields/keylistedit.h"
#include "widgets/format.h"
#include "widgets/secondarylabel.h"
#include "widgets/table/tableview.h"
#include "widgets/weblink.h"

#include <QHBoxLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

using Check = ChannelKeyRow::Check;

void take(ChannelKeyRow &row, const admin::DraftKeyReport &report)
{
    row.testing = false;
    row.authentication = report.authentication;
    row.listing = report.listing;
    row.chat = report.chat;
    row.models = static_cast<int>(report.models.size());
    row.elapsed = report.elapsed;
    row.httpStatus = report.httpStatus;
    row.text = report.text;
}

void forget(ChannelKeyRow &row)
{
    take(row, {});
}

} // namespace

ChannelKeys::ChannelKeys(QWidget *parent)
    : QWidget(parent)
    , m_table(new ChannelKeyTable(
          channelKeyColumns(), [](const ChannelKeyRow &row) { return row.number; }, this))
{
    build();
    refresh();
}

void ChannelKeys::build()
{
    m_field = new KeyListEdit(this);
    setFocusProxy(m_field);
    m_field->setFixedHeight(m_field->sizeHint().height());
    m_count = new SecondaryLabel(TextRole::Small, this);
    m_page = new WebLink(tr("Where do I get a key?"), this);
    m_reveal = makeLinkButton(tr("Show"), this);
    m_reveal->setCheckable(true);
    m_note = new SecondaryLabel(TextRole::Small, this);
    m_note->setWordWrap(true);
    m_view = new TableView(this, Density::Normal);
    m_view->setFrameShape(QFrame::StyledPanel);
    m_view->setSelectionMode(QAbstractItemView::SingleSelection);
    m_view->setModel(m_table);
    m_view->setAccessibleName(tr("Keys and what their test said"));
    m_table->setDimmed([](const Row &row) { return row.removed || !row.enabled; });
    m_failure = new SecondaryLabel(TextRole::Small, this);
    m_failure->setWordWrap(true);
    m_failure->setTextFormat(Qt::PlainText);
    m_failure->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_failure->hide();
    m_tools = makeTools();

    auto *line = new QHBoxLayout;
    line->setSpacing(Theme::px(8));
    line->addWidget(m_count, 1);
    line->addWidget(m_page);
    line->addWidget(m_reveal);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(Theme::px(6));
    layout->addWidget(m_field);
    layout->addLayout(line);
    layout->addWidget(m_view);
    layout->addWidget(m_failure);
    layout->addWidget(m_tools);
    layout->addWidget(m_note);

    connect(m_field, &KeyListEdit::keysChanged, this, &ChannelKeys::typedChanged);
    connect(m_field, &KeyListEdit::pasted, this, &ChannelKeys::pasted, Qt::DirectConnection);
    connect(m_reveal, &QPushButton::toggled, this, [this](bool revealed) {
        m_field->setRevealed(revealed);
        m_reveal->setText(revealed ? tr("Hide") : tr("Show"));
    });
    connect(m_view, &TableView::rowSelectionChanged, this, &ChannelKeys::chooseRow);
    m_view->setCommit([this](const QModelIndex &source, const QVariant &value) {
        if (Row *row = storedRow(m_table->keyAt(source.row()))) {
            row->enabled = value.toBool();
            refresh();
            emit changed();
        }
        return admin::answered(base::Result<>());
    });
}

QWidget *ChannelKeys::makeTools()
{
    auto *tools = new QWidget(this);
    m_replacement = new QLineEdit(tools);
    m_replacement->setEchoMode(QLineEdit::Password);
    m_replacement->setPlaceholderText(tr("Another key for the selected one"));
    m_replacement->setAccessibleName(tr("Another key for the selected one"));
    m_replacement->setInputMethodHints(Qt::ImhSensitiveData | Qt::ImhNoPredictiveText);
    m_replace = new QPushButton(tr("Replace"), tools);
    m_remove = new QPushButton(tr("Remove"), tools);
    for (QPushButton *button : {m_replace, m_remove})
        button->setAutoDefault(false);
    auto *layout = new QHBoxLayout(tools);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(Theme::px(8));
    layout->addWidget(m_replacement, 1);
    layout->addWidget(m_replace);
    layout->addWidget(m_remove);
    connect(m_replacement, &QLineEdit::textChanged, this, &ChannelKeys::chooseRow);
    connect(m_replace, &QPushButton::clicked, this, &ChannelKeys::replaceCurrent);
    connect(m_remove, &QPushButton::clicked, this, &ChannelKeys::removeCurrent);
    return tools;
}

void ChannelKeys::setKeyPage(const QUrl &page)
{
    m_page->setUrl(page);
}

void ChannelKeys::setStored(const QList<domain::ChannelKey> &keys)
{
    m_before = keys;
    m_stored.clear();
    for (const domain::ChannelKey &key : keys)
        m_stored.push_back(
            {.number = key.id, .enabled = key.enabled, .reason = key.disabledReason});
    refresh();
}

void ChannelKeys::setEndings(const std::vector<admin::ChannelKeyView> &views)
{
    for (const admin::ChannelKeyView &view : views) {
        Row *row = storedRow(view.id);
        if (row && !row->replaced)
            row->ending = view.ending;
    }
    refresh();
}

void ChannelKeys::addTyped(const QList<base::Secret> &keys)
{
    QList<base::Secret> all = m_field->keys();
    for (const base::Secret &key : keys) {
        if (!all.contains(key))
            all.append(key);
    }
    m_field->setKeys(all);
}

QList<base::Secret> ChannelKeys::typed() const
{
    return m_field->keys();
}

size_t ChannelKeys::entered() const
{
    size_t hash = qHash(m_replacement->text());
    for (const Row &row : m_stored)
        hash = qHashMulti(hash, row.enabled, row.removed, row.replaced);
    const QList<base::Secret> added = m_field->keys();
    for (const base::Secret &secret : added)
        hash = qHashMulti(hash, secret.reveal());
    return hash;
}

QList<domain::ChannelKey> ChannelKeys::keys() const
{
    QList<domain::ChannelKey> keys;
    for (const domain::ChannelKey &before : m_before) {
        const auto row = std::find_if(m_stored.begin(), m_stored.end(), [&before](const Row &each) {
            return each.number == before.id;
        });
        if (row == m_stored.end() || row->removed)
            continue;
        domain::ChannelKey key = before;
        if (row->enabled != before.enabled || row->replaced) {
            key.enabled = row->enabled;
            key.disabledReason.clear();
        }
        if (row->replaced)
            key.secret = m_replacements.value(row->number);
        keys.append(key);
    }
    const QList<base::Secret> added = m_field->keys();
    for (const base::Secret &secret : added) {
        const Row known = m_new.value(secret.reveal());
        domain::ChannelKey key{.secret = secret};
        if (switchesOff(known)) {
            key.enabled = false;
            key.disabledReason = known.text.english();
        }
        keys.append(key);
    }
    return keys;
}

bool ChannelKeys::hasUsable() const
{
    const QList<domain::ChannelKey> all = keys();
    return std::any_of(all.begin(), all.end(), [](const auto &key) { return key.enabled; });
}

// One that the provider refused, while another one is good.
bool ChannelKeys::switchesOff(const Row &row) const
{
    if (row.authentication != Check::Failed)
        return false;
    const std::vector<Row> all = rows();
    return std::any_of(all.begin(), all.end(), [](const Row &other) {
        return other.authentication == Check::Passed && !other.removed && other.enabled;
    });
}

void ChannelKeys::setRecognition(const QString &text)
{
    m_recognition = text;
    refreshNotes();
}

void ChannelKeys::setCautions(const QStringList &texts)
{
    if (m_cautions != texts) {
        m_cautions = texts;
        refreshNotes();
    }
    describe();
}

// What stands under the field is read out with it.
void ChannelKeys::describe()
{
    QStringList parts{accessibleDescription(), m_count->text(), m_note->text()};
    parts.removeAll(QString());
    m_field->setAccessibleDescription(parts.join(u' '));
}

void ChannelKeys::setKnown(const std::vector<admin::KnownKey> &known)
{
    for (Row &row : m_new)
        row.elsewhere.clear();
    const QList<base::Secret> keys = typed();
    for (const admin::KnownKey &one : known) {
        if (one.position < keys.size())
            m_new[keys[one.position].reveal()].elsewhere = one.channelName;
    }
    refresh();
}

void ChannelKeys::beginTest(bool chats)
{
    forgetResults();
    m_testing = true;
    m_field->setReadOnly(true);
    m_order.clear();
    const QList<domain::ChannelKey> tested = keys();
    for (const domain::ChannelKey &key : tested) {
        m_order.emplace_back(key.id, key.secret.reveal());
        Row *row = key.id == 0 ? &m_new[key.secret.reveal()] : storedRow(key.id);
        if (!row)
            continue;
        row->testing = true;
        row->chats = chats;
    }
    refresh();
}

void ChannelKeys::showReport(const admin::DraftKeyReport &report)
{
    if (report.position < 0 || static_cast<size_t>(report.position) >= m_order.size())
        return;
    const auto &[id, secret] = m_order[static_cast<size_t>(report.position)];
    if (id == 0)
        take(m_new[secret], report);
    else if (Row *row = storedRow(id))
        take(*row, report);
    refresh();
}

void ChannelKeys::endTest()
{
    m_testing = false;
    m_field->setReadOnly(false);
    for (Row &row : m_new)
        row.testing = false;
    for (Row &row : m_stored)
        row.testing = false;
    refresh();
}

void ChannelKeys::forgetResults()
{
    for (Row &row : m_new)
        forget(row);
    for (Row &row : m_stored)
        forget(row);
    m_order.clear();
    refresh();
}

bool ChannelKeys::isTested() const
{
    const std::vector<Row> all = rows();
    return std::any_of(all.begin(), all.end(), [](const Row &row) { return row.isTested(); });
}

void ChannelKeys::typedChanged()
{
    refresh();
    emit changed();
}

QString ChannelKeys::endingOf(const base::Secret &key)
{
    constexpr qsizetype shown = 4;
    constexpr qsizetype shortest = 16;
    const QString text = QString::fromUtf8(key.reveal());
    return text.size() < shortest ? QString() : text.right(shown);
}

std::vector<ChannelKeys::Row> ChannelKeys::rows() const
{
    std::vector<Row> all = m_stored;
    qint64 number = 0;
    const QList<base::Secret> added = m_field->keys();
    for (const base::Secret &key : added) {
        Row row = m_new.value(key.reveal());
        row.number = --number;
        row.ending = endingOf(key);
        all.push_back(row);
    }
    return all;
}

void ChannelKeys::refresh()
{
    const std::vector<Row> all = rows();
    const bool told = std::any_of(
        all.begin(), all.end(), [](const Row &row) { return row.testing || row.isTested(); });
    const bool shown = !m_stored.empty() || told;
    m_table->setRows(shown ? all : std::vector<Row>());
    constexpr int mostLines = 6;
    const int lines = qBound(1, static_cast<int>(all.size()), mostLines);
    m_view->setFixedHeight(Theme::px(26 + 28 * lines + 4));
    m_view->setVisible(shown);
    m_tools->setVisible(!m_stored.empty());
    chooseRow();
    refreshNotes();
}

void ChannelKeys::refreshNotes()
{
    const int count = m_field->keyCount();
    QString text = m_stored.empty() ? tr("One a line.") : tr("New keys are added, one a line.");
    if (count > 0 && m_recognition.isEmpty())
        text = tr("%n keys, one a line", nullptr, count);
    else if (count > 0)
        text = tr("%n keys, one a line, recognised as %1", nullptr, count).arg(m_recognition);
    m_count->setText(text);
    m_reveal->setVisible(count > 0);

    QStringList notes = m_cautions;
    const QList<base::Secret> odd = m_field->keysWithBlanks();
    for (const base::Secret &key : odd) {
        notes.append(tr("The key %1 was entered with blanks inside, which no key has. It is used "
                        "without them.")
                         .arg(Format::masked(QString::fromUtf8(key.reveal()))));
    }
    const std::vector<Row> all = rows();
    for (const Row &row : all) {
        if (!row.elsewhere.isEmpty()) {
            notes.append(tr("The key …%1 is in the channel %2 already.")
                             .arg(row.ending, Format::quoted(row.elsewhere)));
        }
        if (!row.isStored() && switchesOff(row)) {
            notes.append(tr("The key …%1 was refused. Saving keeps it disabled; remove its line "
                            "to drop it.")
                             .arg(row.ending));
        }
    }
    constexpr qsizetype mostNotes = 4;
    m_note->setText(notes.mid(0, mostNotes).join(u'\n'));
    m_note->setTextFormat(Qt::PlainText);
    m_note->setTone(notes.isEmpty() ? std::nullopt : std::optional(Tone::Caution));
    m_note->setVisible(!notes.isEmpty());
    describe();
    fitHeight();
}

// A form would give it less than its parts need, since some of them wrap.
void ChannelKeys::fitHeight()
{
    layout()->activate();
    setMinimumHeight(layout()->totalMinimumSize().height());
}

// Why the chosen key failed, else the first that did: the table has no room for a sentence.
void ChannelKeys::showFailure()
{
    const std::vector<Row> all = rows();
    const Row *shown = currentRow();
    if (!shown || failureOf(*shown).isEmpty()) {
        const auto first = std::find_if(
            all.begin(), all.end(), [](const Row &row) { return !failureOf(row).isEmpty(); });
        shown = first == all.end() ? nullptr : &*first;
    }
    QString text = shown ? failureOf(*shown) : QString();
    if (shown && !shown->ending.isEmpty())
        text = tr("…%1: %2").arg(shown->ending, text);
    if (text == m_failure->text())
        return;
    m_failure->setText(text);
    m_failure->setVisible(!text.isEmpty());
    fitHeight();
}

const ChannelKeyRow *ChannelKeys::currentRow() const
{
    const QModelIndexList selected = m_view->selectedSourceRows();
    return selected.isEmpty() ? nullptr : m_table->rowAt(selected.front());
}

ChannelKeyRow *ChannelKeys::storedRow(qint64 id)
{
    const auto found = std::find_if(
        m_stored.begin(), m_stored.end(), [id](const Row &row) { return row.number == id; });
    return found == m_stored.end() ? nullptr : &*found;
}

void ChannelKeys::chooseRow()
{
    const Row *row = currentRow();
    const bool stored = row && row->isStored() && !m_testing;
    m_remove->setEnabled(stored);
    m_remove->setText(stored && row->removed ? tr("Keep") : tr("Remove"));
    m_replacement->setEnabled(stored && !row->removed);
    m_replace->setEnabled(stored && !row->removed && !m_replacement->text().trimmed().isEmpty());
    showFailure();
}

void ChannelKeys::removeCurrent()
{
    const Row *current = currentRow();
    Row *row = current ? storedRow(current->number) : nullptr;
    if (!row)
        return;
    row->removed = !row->removed;
    refresh();
    emit changed();
}

void ChannelKeys::replaceCurrent()
{
    const Row *current = currentRow();
    Row *row = current ? storedRow(current->number) : nullptr;
    // The field of new keys knows what comes along with a key that is copied.
    KeyListEdit cleaner;
    cleaner.setKeys({base::Secret(m_replacement->text())});
    const QList<base::Secret> keys = cleaner.keys();
    if (!row || keys.isEmpty())
        return;
    m_replacements.insert(row->number, keys.front());
    row->replaced = true;
    row->enabled = true;
    row->reason.clear();
    row->ending = endingOf(keys.front());
    forget(*row);
    m_replacement->clear();
    refresh();
    emit changed();
}

} // namespace gatehouse::ui
