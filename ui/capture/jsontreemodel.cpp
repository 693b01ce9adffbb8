#include "capture/jsontreemodel.h"

#include "capture/embeddeddata.h"
#include "theme/plaintip.h"
#include "theme/theme.h"

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

using NodeKind = admin::JsonOutline::Kind;

constexpr int fetchedAtOnce = 500;
constexpr int rowHeight = 20;
constexpr qsizetype shownOfValue = 300;

QColor colorOf(NodeKind kind)
{
    const Palette &colors = Theme::current();
    switch (kind) {
    case NodeKind::Text:
        return colors.good.text;
    case NodeKind::Number:
        return colors.busy.text;
    case NodeKind::Word:
        return colors.action.text;
    case NodeKind::Object:
    case NodeKind::Array:
    case NodeKind::Missing:
        break;
    }
    return colors.secondary;
}

} // namespace

void JsonTreeModel::setOutline(std::shared_ptr<const admin::JsonOutline> outline)
{
    beginResetModel();
    m_outline = std::move(outline);
    m_fetched.clear();
    endResetModel();
}

void JsonTreeModel::retranslate()
{
    beginResetModel();
    endResetModel();
}

int JsonTreeModel::nodeAt(const QModelIndex &index) const
{
    return index.isValid() ? static_cast<int>(index.internalId()) : -1;
}

QModelIndex JsonTreeModel::indexOf(int node, int column) const
{
    if (node < 0)
        return {};
    return createIndex(m_outline->node(node).place, column, static_cast<quintptr>(node));
}

int JsonTreeModel::fetchedOf(int node) const
{
    return std::min(m_outline->node(node).childCount, m_fetched.value(node, fetchedAtOnce));
}

QModelIndex JsonTreeModel::index(int row, int column, const QModelIndex &parent) const
{
    if (!hasIndex(row, column, parent))
        return {};
    if (!parent.isValid())
        return createIndex(0, column, quintptr(0));
    const int node = m_outline->children(nodeAt(parent))[static_cast<size_t>(row)];
    return createIndex(row, column, static_cast<quintptr>(node));
}

QModelIndex JsonTreeModel::parent(const QModelIndex &child) const
{
    if (!child.isValid() || !m_outline)
        return {};
    return indexOf(m_outline->node(nodeAt(child)).parent);
}

int JsonTreeModel::rowCount(const QModelIndex &parent) const
{
    if (!m_outline || parent.column() > 0)
        return 0;
    if (!parent.isValid())
        return m_outline->nodes().empty() ? 0 : 1;
    return fetchedOf(nodeAt(parent));
}

int JsonTreeModel::columnCount(const QModelIndex &parent) const
{
    Q_UNUSED(parent)
    return ColumnCount;
}

bool JsonTreeModel::canFetchMore(const QModelIndex &parent) const
{
    if (!m_outline || !parent.isValid() || parent.column() > 0)
        return false;
    const int node = nodeAt(parent);
    return fetchedOf(node) < m_outline->node(node).childCount;
}

void JsonTreeModel::fetchMore(const QModelIndex &parent)
{
    if (!canFetchMore(parent))
        return;
    const int node = nodeAt(parent);
    const int before = fetchedOf(node);
    const int after = std::min(before + fetchedAtOnce, m_outline->node(node).childCount);
    beginInsertRows(parent, before, after - 1);
    m_fetched.insert(node, after);
    endInsertRows();
}

QModelIndex JsonTreeModel::reveal(int node)
{
    for (int at = node; at >= 0; at = m_outline->node(at).parent) {
        const int above = m_outline->node(at).parent;
        if (above < 0 || m_outline->node(at).place < fetchedOf(above))
            continue;
        const int before = fetchedOf(above);
        const int after = m_outline->node(at).place + 1;
        beginInsertRows(indexOf(above), before, after - 1);
        m_fetched.insert(above, after);
        endInsertRows();
    }
    return indexOf(node);
}

QString JsonTreeModel::valueText(int node, qsizetype most) const
{
    const admin::JsonOutline::Node &of = m_outline->node(node);
    switch (of.kind) {
    case NodeKind::Object:
        return tr("{ %n members }", nullptr, of.childCount);
    case NodeKind::Array:
        return tr("[ %n values ]", nullptr, of.childCount);
    case NodeKind::Text: {
        QString text = m_outline->value(node, most);
        const EmbeddedData data =
            EmbeddedData::whole(text, static_cast<qsizetype>(of.end - of.begin) - 2);
        if (data.isPresent() && most == shownOfValue)
            return data.text();
        const bool isCut = text.size() >= most;
        return u'"' + text.replace(u'\n', u'↵') + (isCut ? u"…"_s : u"\""_s);
    }
    case NodeKind::Number:
    case NodeKind::Word:
    case NodeKind::Missing:
        break;
    }
    return m_outline->value(node, most);
}

QVariant JsonTreeModel::data(const QModelIndex &index, int role) const
{
    if (!m_outline || !index.isValid())
        return {};
    const int node = nodeAt(index);
    const admin::JsonOutline::Node &of = m_outline->node(node);
    const bool isName = index.column() == Name;
    switch (role) {
    case Qt::DisplayRole:
        if (!isName)
            return valueText(node, shownOfValue);
        if (of.parent < 0)
            return tr("Document");
        return of.keyBegin < 0 ? QString(u'[' % QString::number(of.place) % u']')
                               : m_outline->key(node);
    case Qt::ToolTipRole:
        return isName ? plainTip(m_outline->path(node)) : plainTip(m_outline->value(node, 1'000));
    case Qt::ForegroundRole:
        if (isName)
            return of.keyBegin < 0 ? Theme::current().secondary : Theme::current().text;
        return colorOf(of.kind);
    case Qt::SizeHintRole:
        return QSize(0, Theme::px(rowHeight));
    case Qt::FontRole:
        return Theme::font(TextRole::Fixed);
    case Qt::AccessibleTextRole:
        return isName ? m_outline->path(node) : valueText(node, shownOfValue);
    default:
        return {};
    }
}

QVariant JsonTreeModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    return section == Name ? tr("Name") : tr("Value");
}

} // namespace gatehouse::ui
