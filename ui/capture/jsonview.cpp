#include "capture/jsonview.h"

#include "admin/flow.h"
#include "capture/findbar.h"
#include "capture/jsontreemodel.h"
#include "theme/theme.h"
#include "widgets/clipboard.h"
#include "widgets/format.h"
#include "widgets/secondarylabel.h"
#include "widgets/translated.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QMenu>
#include <QScrollBar>
#include <QTreeView>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

constexpr int openedAtMost = 60; // a container with more values stays folded at first
constexpr size_t mostNodeMatches = 10'000;
constexpr qsizetype searchedOfValue = 1'000'000;
constexpr qsizetype copiedOfValue = 64 * 1024 * 1024;

struct NodeMatches
{
    std::vector<int> nodes{};
    bool isAll = true;
};

NodeMatches nodesWith(const admin::JsonOutline &outline, const QString &needle)
{
    using Kind = admin::JsonOutline::Kind;
    NodeMatches matches;
    for (int node = 0; node < static_cast<int>(outline.nodes().size()); ++node) {
        const Kind kind = outline.node(node).kind;
        const bool isContainer = kind == Kind::Object || kind == Kind::Array;
        const bool found =
            outline.key(node, searchedOfValue).contains(needle, Qt::CaseInsensitive)
            || (!isContainer
                && outline.value(node, searchedOfValue).contains(needle, Qt::CaseInsensitive));
        if (!found)
            continue;
        if (matches.nodes.size() == mostNodeMatches) {
            matches.isAll = false;
            break;
        }
        matches.nodes.push_back(node);
    }
    return matches;
}

} // namespace

JsonView::JsonView(QWidget *parent)
    : QWidget(parent)
    , m_texts(new Translated(this))
    , m_model(new JsonTreeModel(this))
    , m_tree(new QTreeView(this))
    , m_find(new FindBar(this))
    , m_note(new SecondaryLabel(TextRole::Small, this))
{
    m_tree->setModel(m_model);
    m_tree->setUniformRowHeights(true);
    m_tree->setFrameShape(QFrame::NoFrame);
    m_tree->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_tree->setAllColumnsShowFocus(true);
    m_tree->setContextMenuPolicy(Qt::CustomContextMenu);
    m_tree->setIndentation(Theme::px(14));
    m_tree->setPalette(viewPalette(Theme::current()));
    m_tree->header()->resizeSection(JsonTreeModel::Name, Theme::px(220));
    m_note->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    auto *bar = new QHBoxLayout;
    bar->setContentsMargins(Theme::px(12), Theme::px(4), Theme::px(12), Theme::px(4));
    bar->setSpacing(Theme::px(8));
    bar->addWidget(m_note, 1);
    bar->addWidget(m_find);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_tree, 1);
    layout->addLayout(bar);
    connect(m_tree, &QWidget::customContextMenuRequested, this, &JsonView::openMenu);
    connect(m_tree->verticalScrollBar(), &QScrollBar::valueChanged, this, &JsonView::fetchVisible);
    connect(m_find, &FindBar::searched, this, &JsonView::search);
    connect(m_find, &FindBar::moved, this, [this](int step) {
        const int count = static_cast<int>(m_matches.size());
        if (count > 0)
            moveTo((m_match + step + count) % count);
    });
    m_texts->add([this] {
        m_tree->setAccessibleName(tr("Structure of the body"));
        emit m_model->headerDataChanged(Qt::Horizontal, 0, 1);
        refresh();
    });
}

void JsonView::show(std::shared_ptr<const admin::JsonOutline> outline)
{
    ++m_searchGeneration;
    m_matches.clear();
    m_model->setOutline(std::move(outline));
    expandBeginning();
    refresh();
    if (!m_find->needle().isEmpty())
        search(m_find->needle());
}

void JsonView::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        m_tree->setPalette(viewPalette(Theme::current()));
}

// The document and what is short in it.
void JsonView::expandBeginning()
{
    const QModelIndex root = m_model->index(0, 0);
    if (!root.isValid())
        return;
    m_tree->expand(root);
    const int members = std::min(m_model->rowCount(root), openedAtMost);
    for (int row = 0; row < members; ++row) {
        const QModelIndex member = m_model->index(row, 0, root);
        if (const int count = m_model->rowCount(member); count > 0 && count <= openedAtMost)
            m_tree->expand(member);
    }
}

// The view asks for more of the root alone, so that lists further in are asked for here.
void JsonView::fetchVisible()
{
    const QModelIndex last = m_tree->indexAt(m_tree->viewport()->rect().bottomLeft());
    if (!last.isValid())
        return;
    for (QModelIndex above = last.parent(); above.isValid(); above = above.parent()) {
        if (m_model->canFetchMore(above)
            && m_tree->visualRect(m_model->index(m_model->rowCount(above) - 1, 0, above)).top()
                   < m_tree->viewport()->height() * 2)
            m_model->fetchMore(above);
    }
}

QString JsonView::note() const
{
    const admin::JsonOutline *outline = m_model->outline();
    if (!outline)
        return {};
    if (outline->nodes().empty())
        return tr("The body is no JSON.");
    if (outline->isCutOff())
        return tr("The JSON breaks off at its end.");
    if (outline->brokenAt())
        return tr("The JSON cannot be read on from byte %1.")
            .arg(Format::count(*outline->brokenAt()));
    return {};
}

void JsonView::refresh()
{
    const QString text = note();
    m_note->setTone(text.isEmpty() ? std::nullopt : std::optional(Tone::Caution));
    const admin::JsonOutline *outline = m_model->outline();
    const int values = outline ? static_cast<int>(outline->nodes().size()) : 0;
    m_note->setText(text.isEmpty() ? tr("%n values", nullptr, values) : text);
}

void JsonView::openMenu(const QPoint &position)
{
    const QModelIndex index = m_tree->indexAt(position);
    const int node = m_model->nodeAt(index);
    if (node < 0)
        return;
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(
        tr("Copy the &path"), this, [this, node] { copyText(m_model->outline()->path(node)); });
    menu->addAction(tr("Copy the &value"), this, [this, node] {
        copyText(m_model->outline()->value(node, copiedOfValue));
    });
    menu->popup(m_tree->viewport()->mapToGlobal(position));
}

void JsonView::search(const QString &needle)
{
    const int generation = ++m_searchGeneration;
    m_matches.clear();
    if (needle.isEmpty() || !m_model->outline()) {
        m_find->setMatches(0, 0);
        return;
    }
    admin::whenDone(
        admin::runIn(*QThreadPool::globalInstance(),
                     [outline = m_model->sharedOutline(), needle]() -> base::Result<NodeMatches> {
                         return nodesWith(*outline, needle);
                     }),
        this,
        [this, generation](const base::Result<NodeMatches> &matches) {
            if (generation != m_searchGeneration || !matches)
                return;
            m_matches = matches->nodes;
            m_allMatches = matches->isAll;
            m_find->setMatches(static_cast<int>(m_matches.size()), 0, m_allMatches);
            if (!m_matches.empty())
                moveTo(0);
        });
}

void JsonView::moveTo(int match)
{
    m_match = match;
    const QModelIndex index = m_model->reveal(m_matches.at(static_cast<size_t>(match)));
    // A deep match is shown where its ancestors fit; the tree opens no more than so many.
    constexpr int mostAncestors = 200;
    int depth = 0;
    for (QModelIndex above = index.parent(); above.isValid(); above = above.parent())
        ++depth;
    if (depth <= mostAncestors) {
        m_tree->setCurrentIndex(index);
        m_tree->scrollTo(index, QAbstractItemView::PositionAtCenter);
    }
    m_find->setMatches(static_cast<int>(m_matches.size()), match, m_allMatches);
}

} // namespace gatehouse::ui
