#pragma once

#include "widgets/table/tablemodel.h"

namespace gatehouse::tests {

// A row that has something of every kind of column.
struct Sample
{
    qint64 id = 0;
    QString name{};
    domain::Health health = domain::Health::Healthy;
    bool enabled = true;
    int priority = 0;
    std::optional<double> milliseconds{};
    QStringList tags{};
    std::optional<qint64> expires{}; // milliseconds since 1970

    bool operator==(const Sample &) const = default;
};

using SampleModel = ui::TableModel<Sample>;

inline std::vector<ui::Column<Sample>> sampleColumns()
{
    using namespace Qt::StringLiterals;
    using ui::Cell;
    using ui::ColumnKind;
    return {
        {.traits = {.key = u"health"_s, .title = [] { return u"Health"_s; }, .width = 116},
         .cell = [](const Sample &row) { return Cell::health(row.health); },
         .sort = [](const Sample &row) { return static_cast<int>(row.health); }},
        {.traits = {.key = u"enabled"_s,
                    .title = [] { return u"Enabled"_s; },
                    .width = 38,
                    .icon = u"power"_s},
         .cell = [](const Sample &row) { return Cell::check(row.enabled, u"enabled"_s); },
         .sort = [](const Sample &row) { return row.enabled; },
         .edit = [](const Sample &row) { return row.enabled; }},
        {.traits = {.key = u"name"_s, .title = [] { return u"Name"_s; }, .width = 150},
         .cell = [](const Sample &row) { return Cell::named(row.name, row.name); },
         .edit = [](const Sample &row) { return row.name; }},
        {.traits = {.key = u"priority"_s,
                    .title = [] { return u"Prio"_s; },
                    .kind = ColumnKind::Number,
                    .width = 64},
         .cell = [](const Sample &row) { return Cell::of(QString::number(row.priority)); },
         .sort = [](const Sample &row) { return row.priority; },
         .edit = [](const Sample &row) { return row.priority; }},
        {.traits = {.key = u"ttft"_s,
                    .title = [] { return u"TTFT p50"_s; },
                    .kind = ColumnKind::Number,
                    .width = 80},
         .cell =
             [](const Sample &row) {
                 return row.milliseconds ? Cell::of(QString::number(*row.milliseconds) + u" ms"_s)
                                         : Cell::absent(u"no answer yet"_s);
             },
         .sort =
             [](const Sample &row) {
                 return row.milliseconds ? QVariant(*row.milliseconds) : QVariant();
             }},
        {.traits = {.key = u"tags"_s, .title = [] { return u"Tags"_s; }, .width = 140},
         .cell = [](const Sample &row) { return Cell::tagged(row.tags); }},
        {.traits = {.key = u"expires"_s,
                    .title = [] { return u"Expires"_s; },
                    .kind = ColumnKind::Moment,
                    .hidden = true},
         .cell = [](const Sample &) { return Cell::of(u"soon"_s); },
         .sort =
             [](const Sample &row) { return row.expires ? QVariant(*row.expires) : QVariant(); }},
    };
}

inline SampleModel *makeSampleModel(QObject *parent)
{
    auto *model = new SampleModel(
        sampleColumns(), [](const Sample &row) { return row.id; }, parent);
    model->setDimmed([](const Sample &row) { return !row.enabled; });
    return model;
}

inline std::vector<Sample> sampleRows()
{
    using namespace Qt::StringLiterals;
    using domain::Health;
    return {{.id = 1,
             .name = u"Anthropic – team"_s,
             .priority = 10,
             .milliseconds = 612,
             .tags = {u"work"_s, u"fast"_s}},
            {.id = 2,
             .name = u"OpenAI"_s,
             .health = Health::Degraded,
             .priority = 10,
             .milliseconds = 1240},
            {.id = 3,
             .name = u"DeepSeek"_s,
             .health = Health::Open,
             .priority = 30,
             .milliseconds = 2310},
            {.id = 4,
             .name = u"SiliconFlow"_s,
             .health = Health::Limited,
             .priority = 50,
             .milliseconds = 774,
             .tags = {u"cheap"_s}},
            {.id = 5, .name = u"LM Studio (office)"_s, .health = Health::Testing, .priority = 60},
            {.id = 6,
             .name = u"Moonshot (Kimi)"_s,
             .health = Health::AuthenticationFailed,
             .priority = 80,
             .milliseconds = 688},
            {.id = 7,
             .name = u"Azure – Sweden"_s,
             .health = Health::Disabled,
             .enabled = false,
             .priority = 90}};
}

} // namespace gatehouse::tests
