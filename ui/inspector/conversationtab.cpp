#include "inspector/conversationtab.h"

#include "admin/administration.h"
#include "admin/flow.h"
#include "capture/conversationdelegate.h"
#include "capture/conversationmodel.h"
#include "theme/plaintip.h"
#include "theme/theme.h"
#include "widgets/clipboard.h"
#include "widgets/format.h"
#include "widgets/secondarylabel.h"

#include <QKeyEvent>
#include <QListView>
#include <QMenu>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

ConversationTab::ConversationTab(const Services &services, QWidget *parent)
    : CaptureTab(services, parent)
    , m_model(new ConversationModel(this))
    , m_delegate(new ConversationDelegate(this))
    , m_view(new QListView(this))
    , m_footer(new SecondaryLabel(TextRole::Small, this))
{
    m_view->setModel(m_model);
    m_view->setItemDelegate(m_delegate);
    m_view->setFrameShape(QFrame::NoFrame);
    m_view->setResizeMode(QListView::Adjust);
    m_view->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_view->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_view->setSelectionMode(QAbstractItemView::NoSelection);
    m_view->setContextMenuPolicy(Qt::CustomContextMenu);
    m_view->installEventFilter(this);
    m_footer->setContentsMargins(Theme::px(12), Theme::px(5), Theme::px(12), Theme::px(5));
    m_footer->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    content()->addWidget(m_view, 1);
    content()->addWidget(m_footer);
    // A row that opens has another height.
    connect(m_model, &QAbstractItemModel::dataChanged, m_view, &QListView::doItemsLayout);
    connect(
        m_model, &QAbstractItemModel::modelReset, this, [this] { m_delegate->forgetLayouts(); });
    // Layouts are known by their rows.
    connect(
        m_model, &QAbstractItemModel::rowsInserted, this, [this] { m_delegate->forgetLayouts(); });
    connect(
        m_model, &QAbstractItemModel::rowsRemoved, this, [this] { m_delegate->forgetLayouts(); });
    connect(m_view, &QListView::clicked, this, &ConversationTab::toggle);
    connect(m_view, &QWidget::customContextMenuRequested, this, &ConversationTab::openMenu);
    texts().add([this] {
        m_view->setAccessibleName(tr("Conversation"));
        m_model->retranslate();
        refreshFooter();
    });
}

QString ConversationTab::title() const
{
    return tr("Conversation");
}

void ConversationTab::read()
{
    setBusy(true);
    admin::whenDone(
        services().administration.captures.conversation(record().requestId),
        this,
        [this, asked = generation()](const base::Result<admin::Conversation> &conversation) {
            if (asked != generation())
                return;
            if (!conversation) {
                showText(conversation.error().message.translated());
                return;
            }
            present(*conversation);
        });
}

void ConversationTab::present(const admin::Conversation &conversation)
{
    m_finishReason = conversation.finishReason;
    m_problem = conversation.problem;
    m_model->setItems(conversation.items,
                      record().usage.cacheRead + record().usage.cacheWrite
                          + record().usage.cacheWriteLong);
    refreshFooter();
    if (conversation.items.empty()) {
        showText(m_problem.isEmpty() ? tr("There are no messages in this request.") : m_problem);
        return;
    }
    showContent();
    m_view->scrollToBottom();
}

void ConversationTab::refreshFooter()
{
    const domain::UsageRecord &line = record();
    QStringList parts{tr("In %1").arg(Format::count(line.usage.input)),
                      tr("Cached %1").arg(Format::count(line.usage.cacheRead)),
                      tr("Out %1").arg(Format::count(line.usage.output)),
                      tr("Cost %1").arg(Format::cost(line.cost))};
    if (const domain::Cost saved = report().cost.savedByCache; saved.nanoDollars > 0)
        parts.append(tr("The cache saved %1").arg(Format::cost(saved)));
    if (!m_finishReason.isEmpty())
        parts.append(tr("Ended with %1").arg(m_finishReason));
    if (!m_problem.isEmpty())
        parts.prepend(m_problem);
    m_footer->setText(parts.join(u"   "_s));
    m_footer->setToolTip(plainTip(m_footer->text()));
}

QString ConversationTab::footerText() const
{
    return m_footer->text();
}

void ConversationTab::toggle(const QModelIndex &index)
{
    if (index.isValid())
        m_model->setOpen(index.row(), !m_model->isOpen(index.row()));
}

void ConversationTab::openMenu(const QPoint &position)
{
    const QModelIndex index = m_view->indexAt(position);
    if (!index.isValid())
        return;
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(tr("&Copy the text"), this, [this, row = index.row()] {
        if (row < m_model->rowCount())
            copyText(ConversationModel::fullText(m_model->item(row)));
    });
    menu->popup(m_view->viewport()->mapToGlobal(position));
}

bool ConversationTab::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_view && event->type() == QEvent::KeyPress) {
        const auto *key = static_cast<QKeyEvent *>(event);
        const QModelIndex current = m_view->currentIndex();
        const bool opens = key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter
                           || key->key() == Qt::Key_Space;
        if (opens && current.isValid()) {
            toggle(current);
            return true;
        }
        if (key->matches(QKeySequence::Copy) && current.isValid()) {
            copyText(ConversationModel::fullText(m_model->item(current.row())));
            return true;
        }
    }
    return CaptureTab::eventFilter(watched, event);
}

void ConversationTab::changeEvent(QEvent *event)
{
    CaptureTab::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange)
        m_delegate->forgetLayouts();
}

} // namespace gatehouse::ui
