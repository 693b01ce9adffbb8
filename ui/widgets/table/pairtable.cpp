#include "widgets/table/pairtable.h"

#include "theme/style.h"
#include "theme/theme.h"
#include "widgets/buttons.h"
#include "widgets/secondarylabel.h"
#include "widgets/table/pairmodel.h"
#include "widgets/table/tableview.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QJsonDocument>
#include <QJsonObject>
#include <QPlainTextEdit>
#include <QShortcut>
#include <QStackedWidget>
#include <QToolButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

PairTable::PairTable(QWidget *parent)
    : QWidget(parent)
    , m_model(new PairModel(this))
    , m_view(new TableView(this))
    , m_text(new QPlainTextEdit(this))
    , m_stack(new QStackedWidget(this))
    , m_add(makeToolButton(u"plus"_s, QString(), this))
    , m_remove(makeToolButton(u"trash-2"_s, QString(), this))
    , m_reveal(makeToolButton(u"eye"_s, QString(), this))
    , m_toggle(makeLinkButton(QString(), this))
    , m_note(new SecondaryLabel(TextRole::Small, this))
{
    m_view->setModel(m_model);
    m_view->setFrameShape(QFrame::StyledPanel);
    m_view->setEditTriggers(QAbstractItemView::EditKeyPressed | QAbstractItemView::DoubleClicked
                            | QAbstractItemView::AnyKeyPressed);
    m_view->setMinimumHeight(Theme::px(26 + 3 * 28 + 4));
    m_text->setFont(Theme::font(TextRole::Fixed));
    m_text->setTabChangesFocus(true);
    m_stack->addWidget(m_view);
    m_stack->addWidget(m_text);
    setFocusProxy(m_view);
    m_note->setTone(Tone::Failure);
    m_note->setWordWrap(true);
    auto *tools = new QHBoxLayout;
    tools->setSpacing(Theme::px(2));
    tools->addWidget(m_add);
    tools->addWidget(m_remove);
    tools->addWidget(m_reveal);
    tools->addStretch();
    tools->addWidget(m_toggle);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(Theme::px(4));
    layout->addWidget(m_stack);
    layout->addWidget(m_note);
    layout->addLayout(tools);

    connect(m_add, &QToolButton::clicked, this, &PairTable::addPair);
    connect(m_remove, &QToolButton::clicked, this, &PairTable::removePairs);
    connect(m_reveal, &QToolButton::clicked, this, &PairTable::reveal);
    connect(m_toggle, &QPushButton::clicked, this, [this] { setJson(!isJson()); });
    auto *remove =
        new QShortcut(QKeySequence::Delete, m_view, nullptr, nullptr, Qt::WidgetShortcut);
    connect(remove, &QShortcut::activated, this, &PairTable::removePairs);
    connect(m_view, &TableView::rowSelectionChanged, this, &PairTable::review);
    connect(m_text, &QPlainTextEdit::textChanged, this, &PairTable::readJson);
    const auto changed = [this] {
        review();
        emit pairsChanged();
    };
    connect(m_model, &PairModel::dataChanged, this, changed);
    connect(m_model, &PairModel::rowsRemoved, this, changed);
    retranslate();
    review();
}

void PairTable::setTitles(const QString &left, const QString &right)
{
    m_model->setTitles(left, right);
}

void PairTable::setProblem(Problem problem)
{
    m_problem = std::move(problem);
    review();
}

void PairTable::setSecret(std::function<bool(const QString &left)> secret)
{
    m_secret = std::move(secret);
}

PairTable::Pairs PairTable::pairs() const
{
    Pairs pairs;
    for (const auto &pair : m_model->pairs()) {
        if (!pair.first.isEmpty() || !pair.second.isEmpty())
            pairs.append(pair);
    }
    return pairs;
}

void PairTable::setPairs(const Pairs &pairs)
{
    QList<bool> hidden;
    for (const auto &[left, right] : pairs)
        hidden.append(m_secret && !right.isEmpty() && m_secret(left));
    m_model->setPairs(pairs, hidden);
    if (isJson())
        showJson();
    review();
}

QString PairTable::problem() const
{
    if (isJson() && !m_jsonProblem.isEmpty())
        return m_jsonProblem;
    QStringList seen;
    for (int row = 0; row < m_model->rowCount(); ++row) {
        const auto &[left, right] = m_model->pairs().at(row);
        if (left.isEmpty() && right.isEmpty())
            continue;
        if (left.isEmpty())
            return tr("The left side of “%1” is missing.").arg(m_model->shown(row));
        if (seen.contains(left))
            return tr("“%1” appears twice.").arg(left);
        seen.append(left);
        const QString reason = m_problem ? m_problem(left, right) : QString();
        if (!reason.isEmpty())
            return reason;
    }
    return {};
}

QStringList PairTable::entered() const
{
    QStringList texts;
    const Pairs all = pairs();
    for (const auto &[left, right] : all)
        texts << left << right;
    if (isJson() && !m_jsonProblem.isEmpty())
        texts.append(m_text->toPlainText());
    return texts;
}

bool PairTable::isJson() const
{
    return m_stack->currentWidget() == m_text;
}

void PairTable::setJson(bool json)
{
    if (json == isJson() || (!json && !m_jsonProblem.isEmpty()))
        return;
    if (json)
        showJson();
    m_stack->setCurrentWidget(json ? static_cast<QWidget *>(m_text) : m_view);
    setFocusProxy(m_stack->currentWidget());
    m_stack->currentWidget()->setFocus();
    retranslate();
    review();
}

void PairTable::showJson()
{
    QJsonObject object;
    m_behindJson.clear();
    for (int row = 0; row < m_model->rowCount(); ++row) {
        const auto &[left, right] = m_model->pairs().at(row);
        if (left.isEmpty() && right.isEmpty())
            continue;
        object.insert(left, m_model->shown(row));
        if (m_model->isHidden(row))
            m_behindJson.insert(left, right);
    }
    const QSignalBlocker quiet(m_text);
    m_text->setPlainText(QString::fromUtf8(QJsonDocument(object).toJson()).trimmed());
    m_jsonProblem.clear();
}

void PairTable::reveal()
{
    m_model->reveal();
    if (isJson())
        showJson();
    review();
}

void PairTable::readJson()
{
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson(m_text->toPlainText().toUtf8(), &error);
    Pairs pairs;
    QList<bool> hidden;
    m_jsonProblem.clear();
    if (!document.isObject())
        m_jsonProblem = tr("This is not a JSON object, such as {\"left\": \"right\"}.");
    const QJsonObject object = document.object();
    for (auto member = object.begin(); member != object.end(); ++member) {
        if (!member->isString())
            m_jsonProblem =
                tr("The value of “%1” must be a text in quotation marks.").arg(member.key());
        const bool isHidden = m_secret && member->toString() == PairModel::mask;
        if (isHidden && !m_behindJson.contains(member.key()))
            m_jsonProblem = tr("Enter the value of “%1” anew.").arg(member.key());
        pairs.append(
            {member.key(), isHidden ? m_behindJson.value(member.key()) : member->toString()});
        hidden.append(isHidden);
    }
    if (m_jsonProblem.isEmpty()) {
        const QSignalBlocker quiet(m_model);
        m_model->setPairs(pairs, hidden);
        m_view->reset();
    }
    review();
    emit pairsChanged();
}

void PairTable::addPair()
{
    const int row = m_model->append();
    m_view->setCurrentIndex(m_model->index(row, 0));
    m_view->setFocus();
    m_view->QTableView::edit(m_model->index(row, 0));
}

void PairTable::removePairs()
{
    const QModelIndexList rows = m_view->selectedSourceRows();
    for (auto row = rows.rbegin(); row != rows.rend(); ++row)
        m_model->removeRow(row->row());
}

void PairTable::review()
{
    const QString reason = problem();
    m_note->setText(reason);
    m_note->setVisible(!reason.isEmpty());
    setInvalid(m_text, !m_jsonProblem.isEmpty());
    m_stack->currentWidget()->setAccessibleDescription(reason);
    m_add->setVisible(!isJson());
    m_remove->setVisible(!isJson());
    m_reveal->setVisible(m_model->hidesAny());
    m_reveal->setEnabled(m_jsonProblem.isEmpty());
    m_remove->setEnabled(m_view->selectionModel()->hasSelection());
    m_toggle->setEnabled(!isJson() || m_jsonProblem.isEmpty());
}

void PairTable::retranslate()
{
    const QString add = tr("Add a row");
    const QString remove = tr("Remove the selected rows");
    m_add->setAccessibleName(add);
    m_add->setToolTip(add);
    m_remove->setAccessibleName(remove);
    m_remove->setToolTip(remove);
    const QString reveal = tr("Show the hidden values");
    m_reveal->setAccessibleName(reveal);
    m_reveal->setToolTip(reveal);
    m_toggle->setText(isJson() ? tr("Edit as a table") : tr("Edit as JSON"));
    m_view->setAccessibleName(accessibleName().isEmpty() ? tr("Pairs") : accessibleName());
    m_text->setAccessibleName(tr("Pairs as JSON"));
}

void PairTable::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::LanguageChange) {
        retranslate();
        review();
    }
}

} // namespace gatehouse::ui
