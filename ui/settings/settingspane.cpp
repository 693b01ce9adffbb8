#include "settings/settingspane.h"

#include "preferences/settingrow.h"
#include "preferences/settingtext.h"
#include "settings/settingsblock.h"
#include "theme/theme.h"
#include "widgets/sectionheading.h"
#include "widgets/translated.h"

#include <QEvent>
#include <QScrollBar>
#include <QVBoxLayout>

#include <algorithm>

namespace gatehouse::ui {

namespace {

bool containsAll(const QString &text, const QString &wanted)
{
    const QStringList words = wanted.split(u' ', Qt::SkipEmptyParts);
    return std::all_of(words.begin(), words.end(), [&text](const QString &word) {
        return text.contains(word, Qt::CaseInsensitive);
    });
}

// What Tab reaches within, in that order.
QList<QWidget *> tabStopsOf(const QWidget *whole)
{
    QList<QWidget *> stops;
    for (QWidget *each = whole->nextInFocusChain(); each && each != whole;
         each = each->nextInFocusChain()) {
        if (whole->isAncestorOf(each) && (each->focusPolicy() & Qt::TabFocus)
            && !each->focusProxy())
            stops.append(each);
    }
    return stops;
}

} // namespace

QStringList PaneSpec::keys() const
{
    QStringList all;
    for (const SectionSpec &section : sections)
        all += section.keys;
    return all;
}

QStringList PaneSpec::searched(const SettingsStore &store) const
{
    QStringList words;
    for (const SectionSpec &section : sections) {
        words.append(section.title());
        if (section.words)
            words.append(section.words());
        for (const QString &key : section.keys) {
            if (const auto setting = store.find(key))
                words.append(SettingText::searched(*setting));
        }
    }
    return words;
}

SettingsPane::SettingsPane(const PaneSpec &spec, SettingsStore &store, QWidget *parent)
    : QScrollArea(parent)
    , m_title(spec.title)
{
    setFrameShape(QFrame::NoFrame);
    setWidgetResizable(true);
    setFocusPolicy(Qt::NoFocus);
    setBackgroundRole(QPalette::Window);
    auto *content = new QWidget(this);
    m_column = new QVBoxLayout(content);
    m_column->setContentsMargins(Theme::px(14), Theme::px(12), Theme::px(14), Theme::px(20));
    m_column->setSpacing(Theme::px(16));
    for (const SectionSpec &section : spec.sections)
        m_sections.push_back(makeSection(section, store));
    m_column->addStretch(1);
    setWidget(content);
}

SettingsPane::Section SettingsPane::makeSection(const SectionSpec &spec, SettingsStore &store)
{
    Section section{.spec = spec, .whole = new QWidget(this)};
    auto *column = new QVBoxLayout(section.whole);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    auto *heading = new SectionHeading(QString(), section.whole);
    heading->layout()->setContentsMargins(Theme::px(18), Theme::px(4), 0, Theme::px(5));
    (new Translated(heading))->add([heading, title = spec.title] { heading->setText(title()); });
    column->addWidget(heading);
    column->addSpacing(Theme::px(6));
    if (spec.block) {
        section.block = spec.block(section.whole);
        connect(section.block, &SettingsBlock::noticeRaised, this, &SettingsPane::noticeRaised);
        connect(section.block, &SettingsBlock::failed, this, &SettingsPane::failed);
        connect(section.block,
                &SettingsBlock::jobChanged,
                this,
                [this, block = section.block](const QString &text) { noteJob(block, text); });
        // Those of a block are found by their own texts as well.
        section.rows = section.block->findChildren<SettingRow *>();
    }
    if (section.block && spec.blockFirst)
        column->addWidget(section.block);
    QList<QWidget *> order; // of what Tab reaches
    for (const QString &key : spec.keys) {
        const auto known = [&key](const SettingRow *row) { return row->key() == key; };
        if (!store.find(key) || std::any_of(section.rows.begin(), section.rows.end(), known))
            continue;
        auto *row = new SettingRow(key, store, section.whole);
        section.rows.append(row);
        column->addWidget(row);
        order += tabStopsOf(row);
        if (section.block) {
            connect(
                row,
                &SettingRow::pendingChanged,
                section.block,
                [block = section.block, key](bool pending) { block->notePending(key, pending); });
        }
    }
    if (section.block && !spec.blockFirst) {
        column->addWidget(section.block);
        order += tabStopsOf(section.block);
    }
    m_column->addWidget(section.whole);
    // The block was made first.
    for (qsizetype i = 1; i < order.size(); ++i)
        setTabOrder(order.at(i - 1), order.at(i));
    return section;
}

void SettingsPane::noteJob(const SettingsBlock *block, const QString &text)
{
    for (Section &section : m_sections) {
        if (section.block == block && std::exchange(section.job, text) != text)
            emit jobChanged();
    }
}

QString SettingsPane::job() const
{
    const auto busy = std::find_if(m_sections.begin(),
                                   m_sections.end(),
                                   [](const Section &section) { return !section.job.isEmpty(); });
    return busy == m_sections.end() ? QString() : busy->job;
}

void SettingsPane::search(const QString &text)
{
    for (Section &section : m_sections) {
        const bool all = text.isEmpty() || containsAll(section.spec.title(), text)
                         || containsAll(m_title(), text);
        bool any = all;
        const bool block = all || (section.spec.words && containsAll(section.spec.words(), text));
        bool inBlock = block;
        for (SettingRow *row : std::as_const(section.rows)) {
            const bool found = all || row->matches(text);
            const bool isPart = section.block && section.block->isAncestorOf(row);
            if (isPart)
                inBlock = inBlock || found;
            else
                row->setVisible(found);
            any = any || found;
        }
        if (section.block)
            section.block->setVisible(inBlock);
        section.whole->setVisible(any || block);
    }
}

bool SettingsPane::showSetting(const QString &key)
{
    for (const Section &section : m_sections) {
        for (SettingRow *row : section.rows) {
            if (row->key() != key)
                continue;
            widget()->layout()->activate();
            ensureWidgetVisible(row, 0, Theme::px(80));
            row->draw();
            return true;
        }
    }
    return false;
}

void SettingsPane::showSection(size_t number)
{
    if (number >= m_sections.size())
        return;
    QWidget *whole = m_sections[number].whole;
    widget()->layout()->activate();
    const QList<QWidget *> stops = tabStopsOf(whole);
    const auto first = std::find_if(stops.begin(), stops.end(), [whole](const QWidget *stop) {
        return stop->isEnabled() && stop->isVisibleTo(whole);
    });
    if (first != stops.end())
        (*first)->setFocus(Qt::OtherFocusReason);
    // The focus has scrolled no further than to itself.
    verticalScrollBar()->setValue(whole->y());
}

void SettingsPane::activate()
{
    for (const Section &section : m_sections) {
        if (section.block)
            section.block->activated();
    }
}

// A scroll area does not follow a change of its role's colour by itself.
void SettingsPane::changeEvent(QEvent *event)
{
    QScrollArea::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        viewport()->update();
}

} // namespace gatehouse::ui
