#include "models/routedialog.h"

#include "admin/administration.h"
#include "models/requestedit.h"
#include "theme/lettertile.h"
#include "theme/theme.h"
#include "widgets/dialogs/dialogfooter.h"
#include "widgets/dialogs/dialoglayout.h"
#include "widgets/fields/form.h"
#include "widgets/fields/unitfield.h"
#include "widgets/format.h"
#include "widgets/naturalorder.h"
#include "widgets/secondarylabel.h"
#include "widgets/statuschip.h"
#include "widgets/table/tableview.h"

#include <QClipboard>
#include <QComboBox>
#include <QGuiApplication>
#include <QLabel>
#include <QPushButton>
#include <QStandardItemModel>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

enum WhoRole { TokenRole = Qt::UserRole + 1, UserRole, GroupRole };

class Texts
{
    Q_DECLARE_TR_FUNCTIONS(gatehouse::ui::RouteDialog)
};

// What a client may ask for, by the names that the gateway has for it.
QString kindText(const QByteArray &operation)
{
    const QList<QPair<QByteArray, QString>> texts{
        {"chat", Texts::tr("Chat completions")},
        {"responses", Texts::tr("Responses")},
        {"messages", Texts::tr("Anthropic messages")},
        {"generate_content", Texts::tr("Gemini content")},
        {"completions", Texts::tr("Completions")},
        {"embeddings", Texts::tr("Embeddings")},
        {"embed_content", Texts::tr("Gemini embeddings")},
        {"batch_embed_contents", Texts::tr("Gemini embeddings in a batch")},
        {"moderations", Texts::tr("Moderations")},
        {"images", Texts::tr("Pictures")},
        {"speech", Texts::tr("Speech")}};
    const auto found = std::find_if(
        texts.begin(), texts.end(), [&](const auto &each) { return each.first == operation; });
    return found == texts.end() ? QString::fromLatin1(operation) : found->second;
}

Tone toneOf(admin::RouteExclusion exclusion)
{
    switch (exclusion) {
    case admin::RouteExclusion::None:
        return Tone::Good;
    case admin::RouteExclusion::BreakerOpen:
        return Tone::Failure;
    case admin::RouteExclusion::Resting:
    case admin::RouteExclusion::AtLimit:
        return Tone::Caution;
    case admin::RouteExclusion::NoUsableKey:
    case admin::RouteExclusion::DisabledAutomatically:
        return Tone::Action;
    case admin::RouteExclusion::DisabledByPerson:
    case admin::RouteExclusion::OtherGroup:
    case admin::RouteExclusion::NoSuchModel:
    case admin::RouteExclusion::NotSupported:
        return Tone::Neutral;
    }
    return Tone::Neutral;
}

Cell orderCell(const admin::RouteCandidate &row)
{
    if (row.exclusion != admin::RouteExclusion::None) {
        return {.text = Texts::tr("left out"),
                .glyph = Glyph::Barred,
                .tone = toneOf(row.exclusion),
                .plain = true,
                .secondary = true};
    }
    if (row.tier == 0) {
        return {.text = Texts::tr("not tried"),
                .glyph = Glyph::Barred,
                .tone = Tone::Neutral,
                .plain = true,
                .secondary = true};
    }
    // The strategy may leave nothing to a channel as long as another one of its tier serves.
    const QString first = row.sharePercent > 0 ? Texts::tr("tried first") : Texts::tr("tried next");
    return {.text = row.tier == 1 ? first : Texts::tr("tier %1").arg(row.tier),
            .glyph = Glyph::Disc,
            .tone = Tone::Good,
            .plain = true};
}

// How many keys rest and for how long; empty: none does.
QString restText(const admin::RouteCandidate &row)
{
    if (row.restingKeys == 0)
        return {};
    if (row.restUntil == 0)
        return Texts::tr("%n keys at rest", nullptr, row.restingKeys);
    const QString until = Format::time(QDateTime::fromMSecsSinceEpoch(row.restUntil));
    return row.restingKeys == 1 ? Texts::tr("1 at rest until %1").arg(until)
                                : Texts::tr("%1 at rest, the first until %2")
                                      .arg(Format::count(row.restingKeys), until);
}

QString keysText(const admin::RouteCandidate &row)
{
    if (row.keys == 0)
        return Texts::tr("needs no key");
    QString text = Texts::tr("%n usable keys", nullptr, row.usableKeys);
    if (const QString rest = restText(row); !rest.isEmpty())
        text = Texts::tr("%1, %2", "two parts of a list").arg(text, rest);
    if (row.refusedKeys > 0)
        text = Texts::tr("%1, %2 refused").arg(text, Format::count(row.refusedKeys));
    return text;
}

// How a channel that can be asked would be.
QString wayText(const admin::RouteCandidate &row)
{
    const QString keys = keysText(row);
    return row.proxy.isEmpty() ? keys : Texts::tr("%1, through %2").arg(keys, row.proxy);
}

Cell reasonCell(const admin::RouteCandidate &row)
{
    if (!row.doubt.isEmpty())
        return {.text = row.doubt.translated(), .tone = Tone::Caution};
    if (row.exclusion == admin::RouteExclusion::None && row.reason.isEmpty()) {
        const QString keys = wayText(row);
        return {.text = row.keepsSession ? Texts::tr("%1, %2", "two parts of a list")
                                               .arg(Texts::tr("served this session last"), keys)
                                         : keys,
                .secondary = true};
    }
    if (row.exclusion == admin::RouteExclusion::None)
        return {.text = row.reason.translated(), .tone = Tone::Caution};
    return {.text = row.reason.translated(), .tone = toneOf(row.exclusion)};
}

std::vector<Column<admin::RouteCandidate>> routeColumns()
{
    using Row = admin::RouteCandidate;
    std::vector<Column<Row>> columns;
    columns.push_back({.traits = {.key = u"order"_s,
                                  .title = [] { return Texts::tr("Order"); },
                                  .width = 110,
                                  .sortable = false},
                       .cell = orderCell});
    columns.push_back(
        {.traits = {.key = u"channel"_s,
                    .title = [] { return Texts::tr("Channel"); },
                    .width = 190,
                    .sortable = false},
         .cell = [](const Row &row) { return Cell::named(row.name, providerTile(row.type)); }});
    columns.push_back({.traits = {.key = u"share"_s,
                                  .title = [] { return Texts::tr("Share"); },
                                  .kind = ColumnKind::Number,
                                  .width = 64,
                                  .sortable = false},
                       .cell = [](const Row &row) {
                           return row.tier > 0 ? Cell::of(Format::percent(row.sharePercent / 100))
                                               : Cell::absent();
                       }});
    columns.push_back({.traits = {.key = u"model"_s,
                                  .title = [] { return Texts::tr("Sent as"); },
                                  .width = 150,
                                  .sortable = false},
                       .cell = [](const Row &row) {
                           const bool isOffered =
                               row.exclusion != admin::RouteExclusion::NoSuchModel;
                           return row.providerModel.isEmpty() || !isOffered
                                      ? Cell::absent()
                                      : Cell{.text = QString::fromUtf8(row.providerModel),
                                             .elide = Qt::ElideMiddle};
                       }});
    columns.push_back({.traits = {.key = u"reason"_s,
                                  .title = [] { return Texts::tr("Why"); },
                                  .width = 260,
                                  .stretch = true,
                                  .least = 260,
                                  .sortable = false},
                       .cell = reasonCell});
    return columns;
}

} // namespace

RouteDialog::RouteDialog(const Services &services, const QString &model, QWidget *parent)
    : QDialog(parent)
    , m_services(services)
    , m_table(new RouteTable(
          routeColumns(), [](const admin::RouteCandidate &row) { return row.channel.value; }, this))
{
    setWindowTitle(tr("Explain route"));
    m_table->setDimmed([](const admin::RouteCandidate &row) {
        return row.exclusion != admin::RouteExclusion::None;
    });
    build(model);
    fillWho();
    ask();
}

void RouteDialog::setToken(domain::TokenId token, const QString &session)
{
    m_token = token;
    m_session = session.toUtf8();
}

void RouteDialog::build(const QString &model)
{
    m_who = new QComboBox(this);
    m_model = new QComboBox(this);
    for (QComboBox *box : {m_who, m_model})
        limitWidth(box);
    m_model->setEditable(true);
    m_model->setInsertPolicy(QComboBox::NoInsert);
    m_state = new StatusChip(this);
    m_verdict = new QLabel(this);
    m_verdict->setTextFormat(Qt::PlainText);
    m_verdict->setWordWrap(true);
    m_manner = new SecondaryLabel(TextRole::Small, this);
    m_manner->setTextFormat(Qt::PlainText);
    m_manner->setWordWrap(true);
    m_view = new TableView(this);
    m_view->setModel(m_table);
    m_view->setAccessibleName(tr("Channels in the order of trying"));
    m_form = new Form(this);
    m_form->addField(m_who, [] { return tr("For"); });
    m_form->addField(m_model, [] { return tr("Model"); });
    addRequest();
    auto *verdict = new QHBoxLayout;
    verdict->addWidget(m_state);
    verdict->addWidget(m_verdict, 1);
    auto *footer = new DialogFooter(this);
    footer->setNote(tr("Nothing is sent to any provider."));
    QPushButton *copyButton = footer->addButton(tr("Copy"), QDialogButtonBox::ActionRole);
    footer->addButton(QDialogButtonBox::Close);

    QVBoxLayout *content = layOut(this, footer);
    const int margin = Theme::px(20);
    content->setContentsMargins(margin, margin, margin, Theme::px(12));
    content->setSpacing(Theme::px(12));
    content->addWidget(m_form);
    content->addLayout(verdict);
    content->addWidget(m_manner);
    content->addWidget(m_view, 1);
    resize(Theme::px(920), Theme::px(640));

    if (const auto catalog = m_services.administration.publisher.catalog()) {
        QSet<QString> models;
        for (const auto &each : catalog->channels()) {
            const QStringList &offered = each->channel.models;
            models.unite(QSet<QString>(offered.begin(), offered.end()));
        }
        QStringList sorted(models.begin(), models.end());
        sortNaturally(sorted);
        m_model->addItems(sorted);
    }
    m_model->setCurrentText(model);
    connect(m_who, &QComboBox::currentIndexChanged, this, &RouteDialog::ask);
    connect(m_model, &QComboBox::currentTextChanged, &m_pause, qOverload<>(&QTimer::start));
    connect(copyButton, &QPushButton::clicked, this, &RouteDialog::copy);
    connect(footer, &DialogFooter::rejected, this, &QDialog::reject);
    connect(m_view, &TableView::rowActivated, this, [this](const QModelIndex &source) {
        emit channelRequested(m_table->row(source.row()).channel);
        accept();
    });
}

// What may be told of the request beside its model.
void RouteDialog::addRequest()
{
    m_kind = new QComboBox(this);
    m_kind->addItem(tr("Any request"), QByteArray());
    for (const char *kind : {"chat",
                             "responses",
                             "messages",
                             "generate_content",
                             "completions",
                             "embeddings",
                             "embed_content",
                             "batch_embed_contents",
                             "moderations",
                             "images",
                             "speech"})
        m_kind->addItem(kindText(kind), QByteArray(kind));
    m_tokens = new TokensField(this);
    m_tokens->setOptional(true);
    m_tokens->setPlaceholderText(tr("prompt tokens, such as 128k"));
    m_tokens->setAccessibleName(tr("Prompt tokens"));
    m_request = new RequestEdit(this);
    m_request->setPlaceholderText(tr("Paste the body of a request here, as a client sends it"));
    m_form->addLine({m_kind, m_tokens}, [] { return tr("Request"); });
    m_form->addField(m_request, [] { return tr("Body"); });

    constexpr int pause = 250;
    m_pause.setSingleShot(true);
    m_pause.setInterval(pause);
    connect(&m_pause, &QTimer::timeout, this, &RouteDialog::ask);
    connect(m_request, &RequestEdit::bodyChanged, &m_pause, qOverload<>(&QTimer::start));
    connect(m_tokens, &QLineEdit::textChanged, &m_pause, qOverload<>(&QTimer::start));
    connect(m_tokens, &QLineEdit::returnPressed, this, &RouteDialog::ask);
    connect(m_kind, &QComboBox::currentIndexChanged, this, &RouteDialog::ask);
}

// With the data at once, since the first entry becomes the chosen one and is asked about.
void RouteDialog::addWho(const QString &text, const QVariant &value, int role)
{
    auto *item = new QStandardItem(text);
    item->setData(value, role);
    static_cast<QStandardItemModel *>(m_who->model())->appendRow(item);
}

// Groups first; tokens follow when they are read.
void RouteDialog::fillWho()
{
    m_services.administration.groups.list().then(
        this, [this](const base::Result<std::vector<domain::Group>> &groups) {
            if (!groups)
                return;
            for (const domain::Group &group : *groups) {
                const QString name = QString::fromUtf8(group.name);
                addWho(
                    tr("Anyone of the group %1").arg(Format::quoted(name)), group.name, GroupRole);
            }
        });
    m_services.administration.tokenManager.list(m_services.actor)
        .then(this, [this](const base::Result<std::vector<admin::TokenListing>> &tokens) {
            if (!tokens)
                return;
            for (const admin::TokenListing &each : *tokens) {
                addWho(tr("Token %1 of %2").arg(Format::quoted(each.token.name), each.owner),
                       each.token.id.value,
                       TokenRole);
                if (m_token.value > 0 && each.token.id == m_token)
                    m_who->setCurrentIndex(m_who->count() - 1);
            }
        });
}

void RouteDialog::ask()
{
    m_pause.stop();
    if (const QString problem = m_tokens->problem(); !problem.isEmpty()) {
        ++m_asked; // what is on its way answers another question
        presentNothing(problem);
        return;
    }
    admin::RouteQuestion question{.model = m_model->currentText().trimmed().toUtf8(),
                                  .operation = m_kind->currentData().toByteArray(),
                                  .body = m_request->body(),
                                  .promptTokens = m_tokens->tokens()};
    if (const QVariant token = m_who->currentData(TokenRole); token.isValid())
        question.token = domain::TokenId{token.toLongLong()};
    if (question.token == m_token)
        question.session = m_session;
    if (const QVariant group = m_who->currentData(GroupRole); group.isValid())
        question.group = group.toByteArray();
    const int asked = ++m_asked;
    if (question.model.isEmpty() && question.body.isEmpty()) {
        presentNothing(tr("Choose a model."));
        return;
    }
    admin::whenDone(m_services.administration.routes.explain(question),
                    this,
                    [this, asked](const base::Result<admin::RouteExplanation> &explanation) {
                        if (asked == m_asked) // else a later question is on its way
                            present(explanation);
                    });
}

// There is no question that could be answered, for this reason.
void RouteDialog::presentNothing(const QString &reason)
{
    m_table->setRows({});
    m_state->hide();
    m_manner->clear();
    presentRequest({}, false);
    m_verdict->setText(reason);
}

void RouteDialog::present(const base::Result<admin::RouteExplanation> &explanation)
{
    m_state->show();
    if (!explanation) {
        m_table->setRows({});
        presentRequest({}, false);
        m_manner->clear();
        m_state->setStatus(tr("Failed"), Tone::Failure, Glyph::Cross);
        m_verdict->setText(explanation.error().message.translated());
        return;
    }
    std::vector<admin::RouteCandidate> rows = explanation->candidates;
    // A refused request is tried nowhere.
    if (explanation->refusal != admin::RouteRefusal::None) {
        for (admin::RouteCandidate &row : rows)
            row.tier = 0;
    }
    rows.insert(rows.end(), explanation->excluded.begin(), explanation->excluded.end());
    m_table->setRows(std::move(rows));
    const bool isInvalid = explanation->refusal == admin::RouteRefusal::InvalidRequest;
    presentRequest(isInvalid ? explanation->text.translated() : summaryOf(*explanation), isInvalid);
    presentVerdict(*explanation);
    QString manner = explanation->strategy.translated();
    for (const base::Message &sentence : {explanation->affinity, explanation->session}) {
        if (!manner.isEmpty() && !sentence.isEmpty())
            manner = tr("%1 %2", "a sentence on the strategy and one on affinity")
                         .arg(manner, sentence.translated());
    }
    m_manner->setText(manner);
}

void RouteDialog::presentRequest(const QString &summary, bool isInvalid)
{
    m_summary = summary;
    m_form->setError(m_request, isInvalid ? summary : QString());
    m_form->setHelp(m_request, isInvalid ? QString() : summary);
}

void RouteDialog::presentVerdict(const admin::RouteExplanation &explanation)
{
    if (explanation.refusal == admin::RouteRefusal::InvalidRequest) {
        m_state->setStatus(tr("Refused"), Tone::Action, Glyph::Barred);
        m_verdict->setText(tr("The gateway refuses this request and asks no channel."));
        return;
    }
    if (explanation.refusal != admin::RouteRefusal::None) {
        m_state->setStatus(tr("Refused"), Tone::Action, Glyph::Key);
        m_verdict->setText(explanation.text.translated());
        return;
    }
    const auto &candidates = explanation.candidates;
    const auto doubted = std::count_if(
        candidates.begin(), candidates.end(), [](const auto &row) { return !row.doubt.isEmpty(); });
    const auto all = static_cast<qsizetype>(candidates.size());
    const QString served = tr("%n channels can serve it.", nullptr, static_cast<int>(all));
    const bool lacksKey = std::all_of(candidates.begin(), candidates.end(), [](const auto &row) {
        return !row.reason.isEmpty();
    });
    if (lacksKey) {
        m_state->setStatus(tr("Doubtful"), Tone::Caution, Glyph::HalfDisc);
        m_verdict->setText(tr("No channel has a usable key; one that failed is tried again."));
        return;
    }
    if (doubted == 0) {
        m_state->setStatus(tr("Served"), Tone::Good, Glyph::Disc);
        m_verdict->setText(served);
        return;
    }
    m_state->setStatus(tr("Doubtful"), Tone::Caution, Glyph::HalfDisc);
    if (all == 1) {
        m_verdict->setText(tr("%1 The prompt is longer than its model takes.").arg(served));
    } else if (doubted == all) {
        m_verdict->setText(tr("%1 The prompt is longer than their models take.").arg(served));
    } else if (doubted == 1) {
        m_verdict->setText(
            tr("%1 The prompt is longer than the model of one of them takes.").arg(served));
    } else {
        m_verdict->setText(tr("%1 The prompt is longer than the models of %2 of them take.")
                               .arg(served, Format::count(doubted)));
    }
}

// What the gateway reads in the request; empty: nothing was told of it.
QString RouteDialog::summaryOf(const admin::RouteExplanation &explanation) const
{
    if (!explanation.request)
        return {};
    const admin::RouteRequest &request = *explanation.request;
    QStringList parts;
    if (!request.operation.isEmpty())
        parts.append(tr("Read as: %1").arg(kindText(request.operation)));
    if (request.namesModel)
        parts.append(tr("its own model %1").arg(Format::quoted(QString::fromUtf8(request.model))));
    if (request.stream)
        parts.append(tr("streamed"));
    parts.append(tr("about %1 prompt tokens").arg(Format::count(request.promptTokens)));
    if (request.maxOutputTokens)
        parts.append(tr("at most %1 of answer").arg(Format::count(*request.maxOutputTokens)));
    if (request.most.units > 0)
        parts.append(tr("holds back up to %1").arg(Format::money(request.most, 4)));
    if (m_request->isCut())
        parts.append(tr("only the beginning of the body is shown"));
    return parts.join(u" · "_s);
}

void RouteDialog::copy() const
{
    QStringList lines{m_verdict->text()};
    if (!m_summary.isEmpty())
        lines.append(m_summary);
    if (!m_manner->text().isEmpty())
        lines.append(m_manner->text());
    for (const admin::RouteCandidate &row : m_table->rows()) {
        lines.append(u"%1\t%2\t%3\t%4"_s.arg(orderCell(row).text,
                                             row.name,
                                             QString::fromUtf8(row.providerModel),
                                             reasonCell(row).text));
    }
    QGuiApplication::clipboard()->setText(lines.join(u'\n'));
}

} // namespace gatehouse::ui
