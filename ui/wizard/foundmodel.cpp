#include "wizard/foundmodel.h"

#include "theme/lettertile.h"
#include "theme/plaintip.h"

#include <QDir>
#include <QUrl>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

using Source = admin::FoundProvider::Source;

FoundModel::FoundModel(QObject *parent)
    : QAbstractListModel(parent)
{}

void FoundModel::setFound(std::vector<admin::FoundProvider> found)
{
    beginResetModel();
    m_found = std::move(found);
    m_states.assign(m_found.size(), {});
    arrange();
    endResetModel();
}

void FoundModel::addFound(admin::FoundProvider found)
{
    beginResetModel();
    m_found.push_back(std::move(found));
    m_states.push_back({});
    arrange();
    endResetModel();
}

std::vector<size_t> FoundModel::ticked() const
{
    std::vector<size_t> all;
    for (size_t i = 0; i < m_states.size(); ++i) {
        if (m_states[i].ticked)
            all.push_back(i);
    }
    return all;
}

void FoundModel::setState(size_t found, const QString &text, std::optional<Tone> tone, bool busy)
{
    State &state = m_states.at(found);
    state.text = text;
    state.tone = tone;
    state.busy = busy;
    const QModelIndex changed = index(rowOf(found));
    emit dataChanged(changed, changed);
}

void FoundModel::setModels(size_t found, const QStringList &models)
{
    m_found.at(found).channel.models = models;
    setState(found, {}, {});
}

void FoundModel::setLooked(std::vector<Looked> looked)
{
    beginResetModel();
    m_looked = std::move(looked);
    arrange();
    endResetModel();
}

void FoundModel::setShowsLooked(bool shown)
{
    beginResetModel();
    m_showsLooked = shown;
    arrange();
    endResetModel();
}

void FoundModel::retranslate()
{
    if (!m_rows.empty())
        emit dataChanged(index(0), index(rowCount() - 1));
}

void FoundModel::arrange()
{
    m_rows.clear();
    const auto add = [this](Source source, Heading heading) {
        bool isFirst = true;
        for (size_t i = 0; i < m_found.size(); ++i) {
            if (m_found[i].source != source)
                continue;
            if (std::exchange(isFirst, false))
                m_rows.push_back({.heading = heading});
            m_rows.push_back({.index = i});
        }
    };
    add(Source::Environment, Heading::Environment);
    add(Source::LocalServer, Heading::Servers);
    add(Source::File, Heading::Files);
    if (!m_showsLooked)
        return;
    m_rows.push_back({.heading = Heading::Looked});
    for (size_t i = 0; i < m_looked.size(); ++i)
        m_rows.push_back({.index = i, .isLooked = true});
}

int FoundModel::lookedRow() const
{
    const auto row = std::find_if(m_rows.begin(), m_rows.end(), [](const Row &each) {
        return each.heading == Heading::Looked;
    });
    return row == m_rows.end() ? -1 : static_cast<int>(row - m_rows.begin());
}

int FoundModel::rowOf(size_t found) const
{
    for (size_t row = 0; row < m_rows.size(); ++row) {
        if (!m_rows[row].heading && !m_rows[row].isLooked && m_rows[row].index == found)
            return static_cast<int>(row);
    }
    return -1;
}

int FoundModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

QVariant FoundModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Row &row = m_rows[static_cast<size_t>(index.row())];
    if (row.heading)
        return headingData(*row.heading, role);
    return row.isLooked ? lookedData(m_looked[row.index], role) : foundData(row.index, role);
}

QVariant FoundModel::headingData(Heading heading, int role) const
{
    if (role == HeadingRole)
        return true;
    if (role != Qt::DisplayRole)
        return {};
    switch (heading) {
    case Heading::Environment:
        return tr("Keys in the environment");
    case Heading::Servers:
        return tr("Models running here");
    case Heading::Files:
        return tr("Files of other programs");
    case Heading::Looked:
        return tr("What was looked at");
    }
    return {};
}

QString FoundModel::stateText(size_t index) const
{
    const State &state = m_states[index];
    if (!state.text.isEmpty())
        return state.text;
    const admin::FoundProvider &found = m_found[index];
    if (found.source == Source::File) {
        return found.users > 0 || found.tokens > 0 ? tr("channels: %1, users: %2, tokens: %3")
                                                         .arg(QString::number(found.channels),
                                                              QString::number(found.users),
                                                              QString::number(found.tokens))
                                                   : tr("channels: %1").arg(found.channels);
    }
    const auto models = static_cast<int>(found.channel.models.size());
    const QString count = models == 1 ? tr("1 model") : tr("%n models", nullptr, models);
    if (found.source == Source::LocalServer)
        return count;
    return models > 0 ? tr("%1, %2").arg(found.maskedKey, count) : found.maskedKey;
}

QVariant FoundModel::foundData(size_t index, int role) const
{
    const admin::FoundProvider &found = m_found[index];
    const State &state = m_states[index];
    const bool isKey = found.source == Source::Environment;
    const auto detail = [&] {
        if (found.source == Source::File)
            return QDir::toNativeSeparators(found.origin);
        if (isKey && !found.profile.isEmpty())
            return tr("%1 in %2", "a variable and a file").arg(found.origin, found.profile);
        return isKey ? tr("%1 in the environment").arg(found.origin)
                     : QUrl(found.origin).authority();
    };
    switch (role) {
    case Qt::DisplayRole:
        return found.channel.name;
    case Qt::CheckStateRole:
        return state.ticked ? Qt::Checked : Qt::Unchecked;
    case Qt::ToolTipRole:
        return plainTip(state.text);
    case Qt::AccessibleTextRole:
        return u"%1, %2, %3"_s.arg(found.channel.name, detail(), stateText(index));
    case DetailRole:
        return detail();
    case TileRole:
        // A file holds channels of many providers; its mark is that of the program that wrote it.
        return found.source == Source::File ? found.channel.name : providerTile(found.channel.type);
    case StateRole:
        return stateText(index);
    case ToneRole:
        return state.tone ? QVariant(static_cast<int>(*state.tone)) : QVariant();
    case BusyRole:
        return state.busy;
    default:
        return {};
    }
}

QVariant FoundModel::lookedData(const Looked &looked, int role) const
{
    const QString state = !looked.problem.isEmpty() ? looked.problem
                          : looked.answered         ? tr("found")
                                                    : tr("nothing there");
    switch (role) {
    case Qt::DisplayRole:
        return looked.name;
    case Qt::AccessibleTextRole:
        return u"%1, %2, %3"_s.arg(looked.name, looked.place, state);
    case DetailRole:
        return looked.place;
    case StateRole:
        return state;
    default:
        return {};
    }
}

bool FoundModel::setData(const QModelIndex &index, const QVariant &value, int role)
{
    if (role != Qt::CheckStateRole || !checkIndex(index, CheckIndexOption::IndexIsValid))
        return false;
    const Row &row = m_rows[static_cast<size_t>(index.row())];
    if (row.heading || row.isLooked)
        return false;
    const bool ticked = value.toInt() == Qt::Checked;
    if (std::exchange(m_states[row.index].ticked, ticked) != ticked) {
        emit dataChanged(index, index, {Qt::CheckStateRole});
        emit tickChanged(row.index, ticked);
    }
    return true;
}

Qt::ItemFlags FoundModel::flags(const QModelIndex &index) const
{
    if (!index.isValid())
        return Qt::NoItemFlags;
    const Row &row = m_rows[static_cast<size_t>(index.row())];
    if (row.heading)
        return Qt::ItemIsEnabled | Qt::ItemNeverHasChildren;
    if (row.isLooked)
        return Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemNeverHasChildren;
    return Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsUserCheckable
           | Qt::ItemNeverHasChildren;
}

} // namespace gatehouse::ui
