#include "frame/shortcutsdialog.h"

#include "theme/theme.h"
#include "widgets/buttons.h"

#include <QAction>
#include <QDialogButtonBox>
#include <QHeaderView>
#include <QLineEdit>
#include <QSortFilterProxyModel>
#include <QStandardItemModel>
#include <QTreeView>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

QStandardItem *readOnly(const QString &text)
{
    auto *item = new QStandardItem(text);
    item->setEditable(false);
    return item;
}

QStandardItemModel *modelOf(const QList<ShortcutLine> &lines, QObject *parent)
{
    auto *model = new QStandardItemModel(0, 2, parent);
    QStandardItem *group = nullptr;
    for (const ShortcutLine &line : lines) {
        if (!group || group->text() != line.group) {
            group = readOnly(line.group);
            group->setFont(Theme::font(TextRole::BodyStrong));
            model->appendRow({group, readOnly({})});
        }
        group->appendRow({readOnly(line.text), readOnly(line.keys)});
    }
    return model;
}

} // namespace

QList<ShortcutLine> shortcutLines(const QString &group, const QList<QAction *> &actions)
{
    QList<ShortcutLine> lines;
    for (const QAction *action : actions) {
        QStringList keys;
        for (const QKeySequence &shortcut : action->shortcuts())
            keys.append(shortcut.toString(QKeySequence::NativeText));
        if (keys.isEmpty() || action->text().isEmpty())
            continue;
        QString text = withoutMnemonic(action->text());
        if (text.endsWith(u'…'))
            text.chop(1);
        const ShortcutLine line{.group = group, .text = text, .keys = keys.join(u", "_s)};
        if (!lines.contains(line))
            lines.append(line);
    }
    return lines;
}

ShortcutsDialog::ShortcutsDialog(const QList<ShortcutLine> &lines, QWidget *parent)
    : QDialog(parent)
{
    setWindowTitle(tr("Keyboard shortcuts"));
    auto *filter = new QLineEdit(this);
    filter->setPlaceholderText(tr("Search"));
    filter->setAccessibleName(tr("Search shortcuts"));
    filter->setClearButtonEnabled(true);
    auto *proxy = new QSortFilterProxyModel(this);
    proxy->setSourceModel(modelOf(lines, this));
    proxy->setFilterCaseSensitivity(Qt::CaseInsensitive);
    proxy->setFilterKeyColumn(-1);
    proxy->setRecursiveFilteringEnabled(true);
    auto *tree = new QTreeView(this);
    tree->setModel(proxy);
    tree->setHeaderHidden(true);
    tree->setRootIsDecorated(false);
    tree->setItemsExpandable(false);
    tree->setAccessibleName(tr("Shortcuts"));
    tree->header()->setStretchLastSection(false);
    tree->header()->setSectionResizeMode(0, QHeaderView::Stretch);
    tree->header()->setSectionResizeMode(1, QHeaderView::ResizeToContents);
    tree->expandAll();
    connect(filter, &QLineEdit::textChanged, proxy, [proxy, tree](const QString &text) {
        proxy->setFilterFixedString(text);
        tree->expandAll();
    });
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);

    auto *layout = new QVBoxLayout(this);
    const int margin = Theme::px(20);
    layout->setContentsMargins(margin, margin, margin, margin);
    layout->addWidget(filter);
    layout->addWidget(tree, 1);
    layout->addWidget(buttons);
    resize(Theme::px(520), Theme::px(560));
}

} // namespace gatehouse::ui
