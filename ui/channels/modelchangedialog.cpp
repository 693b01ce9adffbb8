#include "channels/modelchangedialog.h"

#include "theme/icons.h"
#include "theme/theme.h"
#include "widgets/buttons.h"
#include "widgets/dialogs/dialogfooter.h"
#include "widgets/dialogs/dialoglayout.h"
#include "widgets/format.h"
#include "widgets/naturalorder.h"
#include "widgets/secondarylabel.h"

#include <QListView>
#include <QPushButton>
#include <QSet>
#include <QStandardItemModel>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

constexpr int kindRole = Qt::UserRole + 1;
constexpr int modelRole = Qt::UserRole + 2;

// Those of `models` that are not in `others`, sorted.
QStringList without(const QStringList &models, const QStringList &others)
{
    const QSet<QString> known(others.begin(), others.end());
    QStringList rest;
    for (const QString &model : models) {
        if (!known.contains(model))
            rest.append(model);
    }
    sortNaturally(rest);
    return rest;
}

} // namespace

ModelChangeDialog::ModelChangeDialog(const QString &channelName,
                                     const QStringList &present,
                                     const QStringList &listed,
                                     QWidget *parent)
    : QDialog(parent)
    , m_model(new QStandardItemModel(this))
{
    setWindowTitle(tr("Refresh models"));
    addItems(without(listed, present), Kind::Added);
    addItems(without(present, listed), Kind::Removed);
    build(tr("The models of %1 have changed: %2")
              .arg(Format::quoted(channelName), summary(present, listed)));
    connect(m_model, &QStandardItemModel::itemChanged, this, &ModelChangeDialog::refresh);
    refresh();
    m_view->setFocus();
}

QString ModelChangeDialog::summary(const QStringList &present, const QStringList &listed)
{
    return u"+%1 −%2"_s.arg(without(listed, present).size()).arg(without(present, listed).size());
}

void ModelChangeDialog::addItems(const QStringList &models, Kind kind)
{
    const bool isNew = kind == Kind::Added;
    for (const QString &model : models) {
        auto *item = new QStandardItem((isNew ? u"+ "_s : u"− "_s) + model);
        item->setCheckable(true);
        item->setEditable(false);
        // What the provider no longer has can only fail; what is new is for the person to choose.
        item->setCheckState(isNew ? Qt::Unchecked : Qt::Checked);
        item->setData(static_cast<int>(kind), kindRole);
        item->setData(model, modelRole);
        item->setAccessibleText(isNew ? tr("new: %1").arg(model) : tr("gone: %1").arg(model));
        m_model->appendRow(item);
    }
}

void ModelChangeDialog::build(const QString &heading)
{
    auto *title = new SecondaryLabel(heading, TextRole::BodyStrong, this);
    title->setPlain(true);
    title->setWordWrap(true);
    auto *help = new SecondaryLabel(
        tr("+ is new at the provider, − is gone. What has a tick is taken over."),
        TextRole::Small,
        this);
    help->setWordWrap(true);
    m_view = new QListView(this);
    m_view->setModel(m_model);
    m_view->setUniformItemSizes(true);
    m_view->setAccessibleName(tr("Changes"));
    m_summary = new SecondaryLabel(TextRole::Small, this);
    QPushButton *all = makeLinkButton(tr("Take all"), this);
    QPushButton *none = makeLinkButton(tr("Take none"), this);
    connect(all, &QPushButton::clicked, this, [this] { checkAll(true); });
    connect(none, &QPushButton::clicked, this, [this] { checkAll(false); });
    auto *footer = new DialogFooter(this);
    m_apply = footer->addButton(tr("Take over"), QDialogButtonBox::AcceptRole);
    m_apply->setDefault(true);
    footer->addButton(QDialogButtonBox::Cancel);
    connect(footer, &DialogFooter::rejected, this, &QDialog::reject);
    connect(footer, &DialogFooter::accepted, this, [this] {
        emit confirmed(added(), removed());
        accept();
    });
    auto *line = new QHBoxLayout;
    line->setSpacing(Theme::px(12));
    line->addWidget(m_summary, 1);
    line->addWidget(all);
    line->addWidget(none);
    QVBoxLayout *content = layOut(this, footer);
    const int margin = Theme::px(16);
    content->setContentsMargins(margin, margin, margin, Theme::px(12));
    content->setSpacing(Theme::px(8));
    content->addWidget(title);
    content->addWidget(help);
    content->addWidget(m_view, 1);
    content->addLayout(line);
    resize(Theme::px(460), Theme::px(440));
}

QStringList ModelChangeDialog::checked(Kind kind) const
{
    QStringList models;
    for (int row = 0; row < m_model->rowCount(); ++row) {
        const QStandardItem *item = m_model->item(row);
        if (item->checkState() == Qt::Checked && item->data(kindRole) == static_cast<int>(kind))
            models.append(item->data(modelRole).toString());
    }
    return models;
}

void ModelChangeDialog::checkAll(bool on)
{
    for (int row = 0; row < m_model->rowCount(); ++row)
        m_model->item(row)->setCheckState(on ? Qt::Checked : Qt::Unchecked);
}

void ModelChangeDialog::refresh()
{
    const qsizetype chosen = added().size() + removed().size();
    m_summary->setText(tr("%1 of %n changes", nullptr, m_model->rowCount()).arg(chosen));
    m_apply->setEnabled(chosen > 0);
}

} // namespace gatehouse::ui
