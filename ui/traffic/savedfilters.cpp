#include "traffic/savedfilters.h"

#include "domain/filterquery.h"
#include "widgets/uistate.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QUuid>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

constexpr QLatin1StringView stateKey("traffic/savedFilters");

bool isTime(const domain::FilterTerm &term)
{
    return term.key == u"since" || term.key == u"until";
}

QString partOf(const QString &filter, bool times)
{
    domain::FilterQuery query = domain::filterQueryFrom(filter);
    query.terms.removeIf([times](const domain::FilterTerm &term) { return isTime(term) != times; });
    return domain::filterText(query);
}

} // namespace

QString filterWithoutTimes(const QString &filter)
{
    return partOf(filter, false);
}

QString timesOfFilter(const QString &filter)
{
    return partOf(filter, true);
}

SavedFilters::SavedFilters(UiState &state, QObject *parent)
    : QObject(parent)
    , m_state(state)
{
    const QStringList stored = state.value(stateKey).toStringList();
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
    m_state.setValue(stateKey, texts);
    emit changed();
}

QList<SavedFilter> SavedFilters::builtIn()
{
    return {{u"all"_s, tr("All"), {}},
            {u"errors"_s, tr("Errors"), u"status:error"_s},
            {u"retried"_s, tr("Retried"), u"retried:yes"_s},
            {u"slow"_s, tr("Slow, over 10 s to first token"), u"ttft:>10s"_s}};
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
    const QString wanted = filterWithoutTimes(filter);
    const QList<SavedFilter> filters = all();
    for (const SavedFilter &one : filters) {
        if (filterWithoutTimes(one.filter) == wanted)
            return one;
    }
    return {};
}

QString SavedFilters::save(const QString &name, const QString &filter)
{
    for (SavedFilter &one : m_own) {
        if (one.name != name)
            continue;
        one.filter = filter;
        store();
        return one.id;
    }
    m_own.append({QUuid::createUuid().toString(QUuid::WithoutBraces), name, filter});
    store();
    return m_own.back().id;
}

void SavedFilters::rename(const QString &id, const QString &name)
{
    const qsizetype index = indexOf(id);
    if (index < 0)
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
