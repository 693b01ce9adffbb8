#include "widgets/table/savedfilters.h"

#include "domain/filterquery.h"
#include "widgets/uistate.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QUuid>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

SavedFilters::SavedFilters(UiState &state, const QString &table, QObject *parent)
    : SavedFilters(state, table, Kind(), parent)
{}

SavedFilters::SavedFilters(UiState &state, const QString &table, Kind kind, QObject *parent)
    : QObject(parent)
    , m_state(state)
    , m_table(table)
    , m_stateKey(table + u"/savedFilters"_s)
    , m_kind(std::move(kind))
{
    load();
    connect(&m_state, &UiState::changed, this, [this](const QString &key) {
        if (key != m_stateKey)
            return;
        load();
        emit changed();
    });
}

void SavedFilters::load()
{
    m_own.clear();
    const QStringList stored = m_state.value(m_stateKey).toStringList();
    for (const QString &text : stored) {
        const QJsonObject object = QJsonDocument::fromJson(text.toUtf8()).object();
        const SavedFilter filter{.id = object[u"id"_s].toString(),
                                 .name = object[u"name"_s].toString(),
                                 .filter = object[u"filter"_s].toString()};
        if (!filter.id.isEmpty() && !filter.name.isEmpty())
            m_own.append(filter);
    }
}

void SavedFilters::store()
{
    QStringList texts;
    for (const SavedFilter &filter : std::as_const(m_own)) {
        const QJsonObject object{
            {u"id"_s, filter.id}, {u"name"_s, filter.name}, {u"filter"_s, filter.filter}};
        texts.append(QString::fromUtf8(QJsonDocument(object).toJson(QJsonDocument::Compact)));
    }
    m_state.setValue(m_stateKey, texts); // which tells all
}

QList<SavedFilter> SavedFilters::all() const
{
    if (m_kind.builtIn)
        return m_kind.builtIn() + m_own;
    return QList<SavedFilter>{{u"all"_s, tr("All"), {}}} + m_own;
}

QString SavedFilters::spelled(const QString &filter) const
{
    return m_kind.spelling ? m_kind.spelling(filter)
                           : domain::filterText(domain::filterQueryFrom(filter));
}

qsizetype SavedFilters::indexOf(const QString &id) const
{
    for (qsizetype i = 0; i < m_own.size(); ++i) {
        if (m_own.at(i).id == id)
            return i;
    }
    return -1;
}

SavedFilter SavedFilters::find(const QString &id) const
{
    const QList<SavedFilter> filters = all();
    for (const SavedFilter &filter : filters) {
        if (filter.id == id)
            return filter;
    }
    return {};
}

SavedFilter SavedFilters::matching(const QString &filter) const
{
    const QString wanted = spelled(filter);
    const QList<SavedFilter> filters = all();
    for (const SavedFilter &one : filters) {
        if (spelled(one.filter) == wanted)
            return one;
    }
    return {};
}

SavedFilter SavedFilters::named(const QString &name) const
{
    for (const SavedFilter &one : m_own) {
        if (one.name == name)
            return one;
    }
    return {};
}

QString SavedFilters::save(const QString &name, const QString &filter)
{
    const QString present = named(name).id;
    if (!present.isEmpty()) {
        change(present, filter);
        return present;
    }
    const QString id = QUuid::createUuid().toString(QUuid::WithoutBraces);
    m_own.append({id, name, filter});
    store();
    return id;
}

void SavedFilters::change(const QString &id, const QString &filter)
{
    const qsizetype index = indexOf(id);
    if (index < 0)
        return;
    m_own[index].filter = filter;
    store();
}

void SavedFilters::rename(const QString &id, const QString &name)
{
    const qsizetype index = indexOf(id);
    const QString holder = named(name).id;
    if (index < 0 || (!holder.isEmpty() && holder != id))
        return;
    m_own[index].name = name;
    store();
}

void SavedFilters::remove(const QString &id)
{
    const qsizetype index = indexOf(id);
    if (index < 0)
        return;
    m_own.removeAt(index);
    store();
}

void SavedFilters::insert(qsizetype index, const SavedFilter &filter)
{
    m_own.insert(qBound(qsizetype(0), index, m_own.size()), filter);
    store();
}

} // namespace gatehouse::ui
