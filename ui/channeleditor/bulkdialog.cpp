#include "channeleditor/bulkdialog.h"

#include "channeleditor/proxychoice.h"
#include "channeleditor/proxyfield.h"
#include "theme/theme.h"
#include "widgets/fields/form.h"
#include "widgets/fields/mixedvalue.h"
#include "widgets/fields/tagedit.h"
#include "widgets/fields/unitfield.h"
#include "widgets/format.h"
#include "widgets/naturalorder.h"

#include <QComboBox>
#include <QLineEdit>
#include <QSet>

#include <cmath>
#include <limits>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

constexpr qint64 leastPriority = std::numeric_limits<int>::min();
constexpr qint64 mostPriority = std::numeric_limits<int>::max();
constexpr qint64 mostWeight = 1'000'000;
constexpr qint64 mostLimit = domain::Channel::largestLimit;
constexpr double million = 1e6;
constexpr double mostMultiplier = static_cast<double>(domain::Channel::largestPriceRatio) / million;

enum EnabledChoice { KeepEnabled, Enable, Disable };

QStringList unionOf(const QList<domain::Channel> &channels,
                    const QStringList &(*listOf)(const domain::Channel &))
{
    QStringList all;
    for (const domain::Channel &channel : channels)
        all += listOf(channel);
    all.removeDuplicates();
    sortNaturally(all);
    return all;
}

std::optional<qint64> millionths(const QLineEdit *field)
{
    const QString text = field->text().trimmed();
    bool isNumber = false;
    double number = QLocale().toDouble(text, &isNumber);
    if (!isNumber)
        number = QLocale::c().toDouble(text, &isNumber);
    if (!isNumber || !(number >= 0 && number <= mostMultiplier))
        return std::nullopt;
    return std::llround(number * million);
}

} // namespace

BulkDialog::BulkDialog(QList<domain::Channel> channels, QWidget *parent)
    : BulkForm(parent)
    , m_channels(std::move(channels))
{
    setWindowTitle(tr("Edit %n channels", nullptr, static_cast<int>(m_channels.size())));
    build();
    fill();
    review();
    m_priority->setFocus();
}

void BulkDialog::build()
{
    addOrder();
    addLists();
    addProxy();
    addLimits();
    const auto count = static_cast<int>(m_channels.size());
    constexpr int height = 560;
    finishBulk(tr("Change %n channels", nullptr, count), height);
}

void BulkDialog::addOrder()
{
    m_enabled = new QComboBox(this);
    m_priority = makeNumber();
    m_weight = makeNumber();
    form()->addField(m_enabled, [] { return tr("State"); });
    form()->addField(
        m_priority,
        [] { return tr("Priority"); },
        [] { return tr("The highest is tried first. Empty: each keeps its own."); });
    form()->addField(
        m_weight,
        [] { return tr("Weight"); },
        [] { return tr("The share among channels of one priority. Empty: each keeps its own."); });
    connect(m_enabled, &QComboBox::currentIndexChanged, this, &BulkDialog::review);
}

void BulkDialog::addLists()
{
    m_groups = new TagEdit(this);
    m_addedModels = new TagEdit(this);
    m_removedModels = new TagEdit(this);
    m_addedTags = new TagEdit(this);
    m_removedTags = new TagEdit(this);
    form()->addField(
        m_groups,
        [] { return tr("Groups"); },
        [] { return tr("Users of these groups are served. Empty: each keeps its own."); });
    form()->addSection([] { return tr("Models and tags"); });
    form()->addField(m_addedModels, [] { return tr("Add models"); });
    form()->addField(m_removedModels, [] { return tr("Remove models"); });
    form()->addField(m_addedTags, [] { return tr("Add tags"); });
    form()->addField(m_removedTags, [] { return tr("Remove tags"); });
    for (TagEdit *field : {m_groups, m_addedModels, m_removedModels, m_addedTags, m_removedTags})
        connect(field, &TagEdit::tagsChanged, this, &BulkDialog::review);
}

void BulkDialog::addProxy()
{
    m_proxyChoice = new ProxyChoice(this);
    m_proxy = new ProxyField(this);
    form()->addSection([] { return tr("Connection"); });
    form()->addField(m_proxyChoice, [] { return tr("Proxy"); });
    form()->addField(
        m_proxy,
        [] { return tr("Its address"); },
        [] { return tr("http://host:port or socks5://host:port"); });
    connect(m_proxyChoice, &QComboBox::currentIndexChanged, this, [this] {
        form()->setFieldVisible(m_proxy, m_proxyChoice->needsAddress());
        review();
    });
    connect(m_proxy, &QLineEdit::textChanged, this, &BulkDialog::review);
}

void BulkDialog::addLimits()
{
    m_wholeTime = new DurationField(this);
    m_wholeTime->setRange(std::chrono::milliseconds(0), std::chrono::hours(24));
    makeOptional(m_wholeTime);
    m_concurrent = makeNumber();
    m_requests = makeNumber();
    m_tokens = makeNumber();
    m_multiplier = makeNumber();
    const auto help = [] { return tr("0: no limit. Empty: each keeps its own."); };
    form()->addField(
        m_wholeTime, [] { return tr("Whole answer within"); }, help);
    form()->addSection([] { return tr("Limits and prices"); });
    form()->addField(
        m_concurrent, [] { return tr("At the same time"); }, help);
    form()->addField(
        m_requests, [] { return tr("Requests a minute"); }, help);
    form()->addField(
        m_tokens, [] { return tr("Tokens a minute"); }, help);
    form()->addField(
        m_multiplier,
        [] { return tr("Price multiplier"); },
        [] {
            return tr("What requests cost by the prices is multiplied by this. Empty: each keeps "
                      "its own.");
        });
}

void BulkDialog::fill()
{
    using domain::Channel;
    m_shown = {
        .enabled = commonValue<bool>(m_channels, [](const Channel &c) { return c.isEnabled(); }),
        .priority = commonValue<qint64>(m_channels, [](const Channel &c) { return c.priority; }),
        .weight = commonValue<int>(m_channels, [](const Channel &c) { return c.weight; }),
        .groups = commonValue<QStringList>(m_channels, [](const Channel &c) { return c.groups; }),
        .proxy = commonValue<QString>(m_channels, [](const Channel &c) { return c.proxy; })};
    if (!m_shown.enabled)
        m_enabled->addItem(mixedText(), KeepEnabled);
    m_enabled->addItem(tr("Enabled"), Enable);
    m_enabled->addItem(tr("Disabled"), Disable);
    if (m_shown.enabled)
        m_enabled->setCurrentIndex(m_enabled->findData(*m_shown.enabled ? Enable : Disable));
    showNumber(m_priority, m_shown.priority);
    showNumber(m_weight, m_shown.weight);
    m_groups->setPlaceholderText(m_shown.groups ? QString() : mixedText());
    m_groups->setTags(m_shown.groups.value_or(QStringList()));
    proposeGroups({});
    m_removedModels->setProposals(
        unionOf(m_channels, [](const Channel &c) -> const QStringList & { return c.models; }));
    m_removedTags->setProposals(
        unionOf(m_channels, [](const Channel &c) -> const QStringList & { return c.tags; }));
    if (m_shown.proxy)
        m_proxyChoice->setProxy(*m_shown.proxy);
    else
        m_proxyChoice->addMixed();
    m_proxy->setProxy(m_proxyChoice->needsAddress() ? *m_shown.proxy : QString());
    form()->setFieldVisible(m_proxy, m_proxyChoice->needsAddress());
    fillLimits();
}

void BulkDialog::proposeGroups(const QStringList &groups)
{
    QStringList all =
        groups + unionOf(m_channels, [](const domain::Channel &c) -> const QStringList & {
            return c.groups;
        });
    all.removeDuplicates();
    m_groups->setProposals(all);
}

void BulkDialog::fillLimits()
{
    using domain::Channel;
    m_shown.wholeTime = commonValue<std::chrono::milliseconds>(
        m_channels, [](const Channel &c) { return c.timeouts.total; });
    m_shown.concurrentRequests =
        commonValue<int>(m_channels, [](const Channel &c) { return c.limits.concurrentRequests; });
    m_shown.requestsPerMinute =
        commonValue<int>(m_channels, [](const Channel &c) { return c.limits.requestsPerMinute; });
    m_shown.tokensPerMinute =
        commonValue<qint64>(m_channels, [](const Channel &c) { return c.limits.tokensPerMinute; });
    m_shown.priceRatioMillionths =
        commonValue<qint64>(m_channels, [](const Channel &c) { return c.priceRatioMillionths; });
    m_wholeTime->setDuration(m_shown.wholeTime);
    showNumber(m_concurrent, m_shown.concurrentRequests);
    showNumber(m_requests, m_shown.requestsPerMinute);
    showNumber(m_tokens, m_shown.tokensPerMinute);
    if (m_shown.priceRatioMillionths) {
        QLocale locale;
        locale.setNumberOptions(QLocale::OmitGroupSeparator);
        const double multiplier = static_cast<double>(*m_shown.priceRatioMillionths) / million;
        m_multiplier->setText(locale.toString(multiplier, 'f', QLocale::FloatingPointShortest));
    }
}

BulkChange BulkDialog::change() const
{
    for (TagEdit *field : {m_groups, m_addedModels, m_removedModels, m_addedTags, m_removedTags})
        field->commitText();
    BulkChange wanted{.addedModels = m_addedModels->tags(),
                      .removedModels = m_removedModels->tags(),
                      .addedTags = m_addedTags->tags(),
                      .removedTags = m_removedTags->tags()};
    const int enabled = m_enabled->currentData().toInt();
    if (enabled != KeepEnabled && m_shown.enabled != (enabled == Enable))
        wanted.enabled = enabled == Enable;
    wanted.priority =
        ifTouched<qint64>(wholeNumber(m_priority, leastPriority, mostPriority), m_shown.priority);
    wanted.weight = ifTouched<int>(wholeNumber(m_weight, 0, mostWeight), m_shown.weight);
    const QStringList groups = m_groups->tags();
    if (!groups.isEmpty() && m_shown.groups != groups)
        wanted.groups = groups;
    const QString proxy = m_proxyChoice->proxy(m_proxy->proxy());
    if (!m_proxyChoice->isMixed() && m_shown.proxy != proxy)
        wanted.proxy = proxy;
    takeLimits(wanted);
    return wanted;
}

void BulkDialog::takeLimits(BulkChange &wanted) const
{
    const auto wholeTime = m_wholeTime->duration();
    if (wholeTime && m_wholeTime->problem().isEmpty() && m_shown.wholeTime != wholeTime)
        wanted.wholeTime = wholeTime;
    wanted.concurrentRequests =
        ifTouched<int>(wholeNumber(m_concurrent, 0, mostLimit), m_shown.concurrentRequests);
    wanted.requestsPerMinute =
        ifTouched<int>(wholeNumber(m_requests, 0, mostLimit), m_shown.requestsPerMinute);
    wanted.tokensPerMinute =
        ifTouched<qint64>(wholeNumber(m_tokens, 0, mostLimit), m_shown.tokensPerMinute);
    wanted.priceRatioMillionths =
        ifTouched<qint64>(millionths(m_multiplier), m_shown.priceRatioMillionths);
}

void BulkDialog::check()
{
    form()->setError(m_priority, rangeProblem(m_priority, leastPriority, mostPriority));
    form()->setError(m_weight, rangeProblem(m_weight, 0, mostWeight));
    for (QLineEdit *field : {m_concurrent, m_requests, m_tokens})
        form()->setError(field, rangeProblem(field, 0, mostLimit));
    form()->setError(m_wholeTime, m_wholeTime->problem());
    const bool multiplies = m_multiplier->text().trimmed().isEmpty() || millionths(m_multiplier);
    form()->setError(
        m_multiplier,
        multiplies
            ? QString()
            : tr("Enter a number from 0 to %1.").arg(Format::count(qRound64(mostMultiplier))));
    QString proxyProblem;
    if (m_proxyChoice->needsAddress()) {
        const QString proxy = m_proxy->proxy();
        const base::Result<> sound = domain::validate({.name = u"draft"_s, .proxy = proxy});
        proxyProblem = proxy.isEmpty() ? tr("Enter the proxy’s address.")
                       : sound         ? QString()
                                       : sound.error().message.translated();
    }
    form()->setError(m_proxy, proxyProblem);
}

} // namespace gatehouse::ui
