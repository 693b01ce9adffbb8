#include "tokens/tokenspage.h"

#include "admin/administration.h"
#include "admin/flow.h"
#include "admin/traffic/traffic.h"
#include "theme/icons.h"
#include "tokens/rotatedialog.h"
#include "tokens/tokenbulkdialog.h"
#include "tokens/tokendetail.h"
#include "tokens/tokendialog.h"
#include "tokens/tokenfacts.h"
#include "tokens/tokensheet.h"
#include "widgets/clipboard.h"
#include "widgets/emptystate.h"
#include "widgets/format.h"
#include "widgets/messagebar.h"
#include "widgets/pageheader.h"
#include "widgets/table/filterchips.h"
#include "widgets/table/filterfield.h"
#include "widgets/table/tabledelegate.h"
#include "widgets/table/tablefiltermodel.h"
#include "widgets/table/tablefooter.h"
#include "widgets/table/tableview.h"
#include "widgets/uistate.h"
#include "widgets/undostack.h"

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

constexpr int columnsVersion = 4;
constexpr domain::Quota fiveDollars{5 * domain::Quota::perDollar};
constexpr domain::Quota twentyDollars{20 * domain::Quota::perDollar};

// Those that there is anything to be added to.
QList<domain::Token> limitedOf(QList<domain::Token> tokens)
{
    tokens.removeIf([](const domain::Token &token) { return token.unlimited; });
    return tokens;
}

// The beginning of a masked key, by which it is recognised: "sk-abcd".
QString prefixOf(const QString &maskedKey)
{
    return maskedKey.section(u'…', 0, 0);
}

// What is to be made like `source`. `now` in seconds since 1970, UTC.
domain::Token copyOf(const domain::Token &source, qint64 now)
{
    domain::Token copy = source;
    copy.id = {};
    copy.key = {};
    copy.keyHash.clear();
    // What the other was given; of a period it begins with its limit.
    if (!source.unlimited && !source.budget.isPeriodic())
        copy.balance = source.used + source.balance;
    copy.balance = std::max(domain::Quota{}, copy.balance);
    // One that has ended would be of no use.
    if (source.expiresAt <= now)
        copy.expiresAt = -1;
    copy.used = {};
    copy.formerKeyHash.clear();
    copy.formerValidUntil = 0;
    const QString name = TokensPage::tr("%1 (copy)");
    const qsizetype room = domain::Token::longestName - (name.size() - u"%1"_s.size());
    copy.name = name.arg(source.name.left(room));
    return copy;
}

} // namespace

TokensPage::TokensPage(const Services &services, QWidget *parent)
    : ListPage(PageId::Tokens, services, parent)
    , m_commands(services)
    , m_model(new TokenTable(
          TokenColumns::columns(),
          [](const admin::TokenListing &row) { return row.token.id.value; },
          this))
{
    m_model->setDimmed([](const admin::TokenListing &row) {
        const TokenState state = stateOf(row.token, QDateTime::currentDateTime());
        return state == TokenState::Disabled || state == TokenState::Expired;
    });
    makeActions();
    build();
    texts().add([this] { setTexts(); });
    updateActions();
}

void TokensPage::makeActions()
{
    m_add = addPageAction({.name = "tokens.add",
                           .icon = u"plus"_s,
                           .shortcut = QKeySequence::New,
                           .text = [] { return tr("&Create token"); }},
                          [this] { create(); });
    m_edit = addSeveral(
        {.name = "tokens.edit", .icon = u"pencil"_s, .text = [] { return tr("&Edit…"); }},
        [this] { edit(); });
    addSeveral({.name = "tokens.duplicate",
                .icon = u"copy"_s,
                .shortcut = QKeySequence(u"Ctrl+D"_s),
                .text = [] { return tr("Duplic&ate"); }},
               [this] { duplicate(); });
    addSeparatorAction();
    addSingle(
        {.name = "tokens.reveal", .icon = u"eye"_s, .text = [] { return tr("Copy the &key"); }},
        [this] { reveal(); });
    addSingle({.name = "tokens.show",
               .icon = u"qr-code"_s,
               .text = [] { return tr("Show key and &QR code…"); }},
              [this] { showKey(); });
    addSingle({.name = "tokens.copyName", .text = [] { return tr("Cop&y name"); }},
              [this] { copyText(selection().front().token.name); });
    addSingle({.name = "tokens.copyPrefix", .text = [] { return tr("Copy &prefix"); }},
              [this] { copyText(prefixOf(selection().front().maskedKey)); });
    addSingle(
        {.name = "tokens.rotate", .icon = u"refresh-cw"_s, .text = [] { return tr("&Rotate…"); }},
        [this] { rotate(); });
    m_endGrace = addPageAction(
        {.name = "tokens.endGrace", .text = [] { return tr("End the &grace period"); }},
        [this] { askToEndGrace(); });
    m_topUps.append(
        addSeveral({.name = "tokens.topUp5", .text = [] { return tr("Top up by $&5"); }},
                   [this] { topUp(fiveDollars); }));
    m_topUps.append(
        addSeveral({.name = "tokens.topUp20", .text = [] { return tr("Top up by $&20"); }},
                   [this] { topUp(twentyDollars); }));
    addSingle({.name = "tokens.resetUsage", .text = [] { return tr("Reset the &usage counter"); }},
              [this] { askToResetUsage(); });
    addSingle({.name = "tokens.traffic",
               .icon = u"activity"_s,
               .text = [] { return tr("View &traffic"); }},
              [this] {
                  emit navigationRequested(PageId::Traffic,
                                           TokenFacts::termsOf(selection().front().token.id));
              });
    addSeparatorAction();
    m_toggle = addSeveral({.name = "tokens.toggle",
                           .icon = u"power"_s,
                           .shortcut = QKeySequence(Qt::Key_Space),
                           .text = [] { return tr("Enable or &disable"); }},
                          [this] { toggle(); });
    addSeveral({.name = "tokens.delete",
                .icon = u"trash-2"_s,
                .shortcut = QKeySequence::Delete,
                .text = [] { return tr("De&lete"); }},
               [this] { remove(); });
    m_toggleDetail = addPageAction({.name = "tokens.detail",
                                    .icon = u"panel-right"_s,
                                    .shortcut = QKeySequence(Qt::Key_F4),
                                    .text = [] { return tr("S&how details"); }},
                                   [this] { updateDetail(); });
    m_toggleDetail->setCheckable(true);
    m_toggleDetail->setChecked(services().state.value(u"tokens/detail"_s, false).toBool());
    addFilterActions();
    addExport("tokens.exportList", u"tokens"_s);
    addPageAction({.name = "tokens.refresh",
                   .icon = u"refresh-cw"_s,
                   .shortcut = QKeySequence::Refresh,
                   .text = [] { return tr("Re&fresh"); }},
                  [this] { fetch(); });
}

void TokensPage::build()
{
    setTable(m_model);
    view()->setItemDelegateForColumn(
        m_model->columnOf(u"budget"_s),
        new BudgetBarDelegate(TokenColumns::budgetRole,
                              view(),
                              {&TableDelegate::paintGround, &TableDelegate::textColor}));
    view()->remember(services().state, u"tokens"_s, columnsVersion);
    view()->setCommit([this](const QModelIndex &source, const QVariant &value) {
        return commitCell(source, value);
    });
    bindToTable(m_toggle);
    for (QAction *action : actionsForSeveral())
        footer()->addBulkAction(action);
    m_detail = new TokenDetail(services(), this);
    connect(m_detail, &TokenDetail::closeRequested, this, [this] {
        m_toggleDetail->setChecked(false);
        updateDetail();
    });
    connect(m_detail, &TokenDetail::editRequested, this, &TokensPage::edit);
    connect(m_detail, &TokenDetail::trafficRequested, this, [this](const QString &filter) {
        emit navigationRequested(PageId::Traffic, filter);
    });
    header()->addPrimary(m_add);
    header()->addToggle(m_toggleDetail);
    setBodyWithDetail(m_detail, u"tokens"_s);
    updateDetail();
}

void TokensPage::setTexts()
{
    header()->setTitle(tr("Tokens"));
    field()->setPlaceholderText(tr("Filter, e.g. owner:bob expires:<7d"));
    field()->setAccessibleName(tr("Filter"));
    view()->setAccessibleName(tr("Tokens"));
    m_model->retranslate();
    emptyState()->setIcon(u"key-round"_s);
    emptyState()->setTexts(tr("No tokens yet"),
                           tr("A token is the key that a program uses to talk to the gateway."));
    emptyState()->setActions(m_add);
    updateFooter();
}

void TokensPage::fetch()
{
    view()->setLoading(true);
    admin::whenDone(
        services().administration.tokenManager.list(services().actor),
        this,
        [this](const base::Result<std::vector<admin::TokenListing>> &tokens) { show(tokens); });
    fetchMonth();
}

void TokensPage::fetchMonth()
{
    constexpr qint64 month = 30LL * 24 * 60 * 60 * 1000;
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    admin::whenDone(services().administration.statistics.ranking(
                        {.since = now - month, .until = now}, admin::RankingKind::Token, 1),
                    this,
                    [this](const base::Result<admin::Ranking> &ranking) {
                        if (!ranking)
                            return; // the sum of before stays
                        m_month = ranking->total.cost;
                        updateFooter();
                    });
}

void TokensPage::show(const base::Result<std::vector<admin::TokenListing>> &tokens)
{
    view()->setLoading(false);
    if (!wasRead(tokens))
        return;
    m_model->setRows(*tokens);
    header()->setCount(static_cast<qint64>(tokens->size()));
    header()->setPrimaryEmphasised(!tokens->empty());
    showRows();
}

QList<admin::TokenListing> TokensPage::selection() const
{
    QList<admin::TokenListing> tokens;
    for (const QModelIndex &row : view()->selectedSourceRows())
        tokens.append(m_model->row(row.row()));
    return tokens;
}

QList<domain::Token> TokensPage::selectedTokens() const
{
    QList<domain::Token> tokens;
    for (const admin::TokenListing &each : selection())
        tokens.append(each.token);
    return tokens;
}

void TokensPage::updateActions()
{
    ListPage::updateActions();
    const QList<admin::TokenListing> selected = selection();
    const bool inGrace = selected.size() == 1 && isInGrace(selected.front().token);
    m_endGrace->setEnabled(inGrace);
    const auto count = static_cast<int>(selected.size());
    m_edit->setText(count > 1 ? tr("&Edit %n…", nullptr, count) : tr("&Edit…"));
    for (QAction *action : std::as_const(m_topUps))
        action->setEnabled(!limitedOf(selectedTokens()).isEmpty());
}

void TokensPage::selectionChanged()
{
    ListPage::selectionChanged();
    updateDetail();
}

void TokensPage::updateDetail()
{
    const bool wanted = m_toggleDetail->isChecked() && m_model->rowCount() > 0;
    services().state.setValue(u"tokens/detail"_s, m_toggleDetail->isChecked());
    m_detail->setVisible(wanted);
    if (!wanted)
        return;
    const QList<admin::TokenListing> selected = selection();
    if (selected.size() == 1)
        m_detail->show(selected.front());
    else
        m_detail->showNothing(static_cast<int>(selected.size()));
}

QList<QWidget *> TokensPage::panes()
{
    QList<QWidget *> panes{header(), view()};
    if (chips()->isVisible())
        panes.insert(1, chips());
    if (m_detail->isVisible())
        panes.append(m_detail);
    return panes;
}

void TokensPage::updateFooter()
{
    const QList<admin::TokenListing> selected = selection();
    domain::Quota spent;
    for (const admin::TokenListing &each : selected)
        spent += each.token.used;
    const int shown = filter()->rowCount();
    const QDateTime now = QDateTime::currentDateTime();
    const auto active = std::count_if(
        m_model->rows().begin(), m_model->rows().end(), [&now](const admin::TokenListing &row) {
            const TokenState state = stateOf(row.token, now);
            return state == TokenState::Active || state == TokenState::NearlyUsed;
        });
    if (selected.isEmpty()) {
        footer()->setSelection(
            QString(),
            tr("%1, %2").arg(tr("%n tokens", nullptr, m_model->rowCount()),
                             tr("%n active", nullptr, static_cast<int>(active))));
    } else {
        footer()->setSelection(tr("%n selected", nullptr, static_cast<int>(selected.size())),
                               tr("%1 spent").arg(Format::money(spent)));
    }
    footer()->setBulkVisible(!selected.isEmpty());
    QStringList totals;
    if (shown != m_model->rowCount())
        totals.append(tr("%1 of %2 shown").arg(shown).arg(m_model->rowCount()));
    if (m_month)
        totals.append(tr("30 days: %1").arg(Format::money(*m_month)));
    footer()->setTotals(totals.join(u" · "_s));
    emptyState()->setFiltered(m_model->rowCount() > 0 && shown == 0
                                  ? tr("No token matches %1.").arg(Format::quoted(field()->text()))
                                  : QString());
}

void TokensPage::openDialog(std::optional<domain::Token> token)
{
    auto *dialog = new TokenDialog(services(), std::move(token), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &TokenDialog::created, this, [this](const domain::Token &made) {
        m_commands.noteCreated({made});
        fetchAndSelect(made.id.value);
        openSheet(made, TokenSheet::Reason::Created);
    });
    connect(dialog,
            &TokenDialog::changed,
            this,
            [this](const domain::Token &before, const domain::Token &after) {
                m_commands.noteChanged(before, after);
                fetch();
            });
    dialog->open();
}

// One after another.
void TokensPage::openSheets(QList<domain::Token> created)
{
    if (created.isEmpty())
        return;
    const TokenSheet *sheet = openSheet(created.takeFirst(), TokenSheet::Reason::Created);
    connect(sheet, &QDialog::finished, this, [this, created] { openSheets(created); });
}

TokenSheet *TokensPage::openSheet(const domain::Token &token, TokenSheet::Reason reason)
{
    auto *sheet = new TokenSheet(services(), token, reason, this);
    sheet->setAttribute(Qt::WA_DeleteOnClose);
    sheet->open();
    return sheet;
}

void TokensPage::create()
{
    openDialog({});
}

void TokensPage::edit()
{
    const QList<admin::TokenListing> selected = selection();
    if (selected.size() == 1)
        openDialog(selected.front().token);
    else if (!selected.isEmpty())
        editSeveral();
}

void TokensPage::editSeveral()
{
    const QList<domain::Token> selected = selectedTokens();
    auto *dialog = new TokenBulkDialog(services(), selected, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog,
            &TokenBulkDialog::confirmed,
            this,
            [this, dialog, selected](const TokenBulkChange &change) {
                followDialog(m_commands.change(selected, change), dialog);
            });
    dialog->open();
}

// New tokens with the same limits, made at once; they can be edited and undone as any others. Where one
// cannot be made, those before it stay.
void TokensPage::duplicate()
{
    using Made = QList<domain::Token>;
    const auto made = std::make_shared<Made>();
    admin::TokenManager &tokens = services().administration.tokenManager;
    admin::Answer<> last = admin::answered<void>({});
    for (const domain::Token &source : selectedTokens()) {
        last = admin::onSuccess(last, this, [this, &tokens, source, made] {
            const domain::Token copy = copyOf(source, services().administration.foundation.now());
            return tokens.create(services().actor, source.userId, copy)
                .then([made](const base::Result<domain::Token> &one) -> base::Result<> {
                    if (!one)
                        return base::fail(one.error());
                    made->append(*one);
                    return {};
                });
        });
    }
    admin::whenDone(last, this, [this, made](const base::Result<> &outcome) {
        if (!made->isEmpty()) {
            m_commands.noteCreated(*made);
            fetchAndSelect(made->back().id.value);
        }
        if (!outcome)
            showFailure(outcome.error());
        // The keys of several can be looked at later, if they are kept.
        if (made->size() == 1 || !services().administration.foundation.keepsKeys())
            openSheets(*made);
    });
}

void TokensPage::remove()
{
    if (const QList<domain::Token> selected = selectedTokens(); !selected.isEmpty())
        follow(m_commands.remove(selected));
}

// Disables if any of them is enabled, else enables all.
void TokensPage::toggle()
{
    const QList<domain::Token> selected = selectedTokens();
    const bool anyEnabled =
        std::any_of(selected.begin(), selected.end(), [](const domain::Token &token) {
            return token.status != domain::TokenStatus::Disabled;
        });
    if (!selected.isEmpty())
        follow(m_commands.setEnabled(selected, !anyEnabled));
}

void TokensPage::rotate()
{
    auto *dialog = new RotateDialog(services(), selection().front(), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &RotateDialog::rotated, this, [this](const domain::Token &token) {
        fetch();
        openSheet(token, TokenSheet::Reason::Rotated);
    });
    dialog->open();
}

void TokensPage::reveal()
{
    admin::whenDone(services().administration.tokenManager.reveal(services().actor,
                                                                  selection().front().token.id),
                    this,
                    [this](const base::Result<base::Secret> &key) {
                        if (!key)
                            return showFailure(key.error());
                        copySecret(*key);
                        const auto seconds = static_cast<int>(secretLifetime().count() / 1000);
                        emit noticeRaised([seconds] {
                            return seconds > 0 ? tr("The key is in the clipboard for %n seconds.",
                                                    nullptr,
                                                    seconds)
                                               : tr("The key is in the clipboard.");
                        });
                    });
}

void TokensPage::topUp(domain::Quota amount)
{
    if (const QList<domain::Token> limited = limitedOf(selectedTokens()); !limited.isEmpty())
        follow(m_commands.topUp(limited, amount));
}

// It cannot be taken back, and is therefore asked for once more.
void TokensPage::askToResetUsage()
{
    const domain::Token token = selection().front().token;
    messages()->showMessage(
        {.id = u"reset"_s,
         .tone = Tone::Caution,
         .subject = token.name,
         .text =
             [used = token.used] {
                 return tr("Its counter stands at %1 and begins anew. This cannot be undone; the "
                           "traffic stays.")
                     .arg(Format::money(used));
             },
         .actions = {
             {[] { return tr("Reset the counter"); }, [this, token] { resetUsage(token); }}}});
}

void TokensPage::resetUsage(const domain::Token &token)
{
    messages()->removeMessage(u"reset"_s);
    admin::whenDone(services().administration.tokenManager.resetUsage(services().actor, token.id),
                    this,
                    [this, name = token.name](const base::Result<domain::Quota> &former) {
                        if (!former)
                            return showFailure(former.error());
                        emit noticeRaised([name, former = *former] {
                            return tr("The counter of %1 stood at %2 and begins anew.")
                                .arg(Format::quoted(name), Format::money(former));
                        });
                        fetch();
                    });
}

void TokensPage::askToEndGrace()
{
    const domain::Token token = selection().front().token;
    messages()->showMessage(
        {.id = u"endGrace"_s,
         .tone = Tone::Caution,
         .subject = token.name,
         .text =
             [] {
                 return tr(
                     "Programs that still use its former key are refused at once. This cannot be "
                     "undone.");
             },
         .actions = {{[] { return tr("End the grace period"); },
                      [this, id = token.id] { endGrace(id); }}}});
}

void TokensPage::endGrace(domain::TokenId id)
{
    messages()->removeMessage(u"endGrace"_s);
    admin::whenDone(services().administration.tokenManager.endGrace(services().actor, id),
                    this,
                    [this](const base::Result<> &outcome) {
                        if (!outcome)
                            return showFailure(outcome.error());
                        emit noticeRaised([] { return tr("The former key is void now."); });
                        fetch();
                    });
}

// The key once more, with its code, for another device.
void TokensPage::showKey()
{
    const domain::Token token = selection().front().token;
    admin::whenDone(services().administration.tokenManager.reveal(services().actor, token.id),
                    this,
                    [this, token](const base::Result<base::Secret> &key) {
                        if (!key)
                            return showFailure(key.error());
                        domain::Token shown = token;
                        shown.key = base::Secret(key->reveal().mid(QByteArray("sk-").size()));
                        openSheet(shown, TokenSheet::Reason::Shown);
                    });
}

admin::Answer<> TokensPage::commitCell(const QModelIndex &source, const QVariant &value)
{
    const domain::Token token = m_model->row(source.row()).token;
    if (m_model->traits(source.column()).key == u"left"_s)
        return m_commands.setLeft(token, value.toString());
    return m_commands.rename(token, value.toString());
}

} // namespace gatehouse::ui
