#include "frame/commandpalette.h"

#include "frame/fuzzymatch.h"
#include "theme/icons.h"
#include "theme/theme.h"
#include "widgets/translated.h"

#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QPainter>
#include <QStyledItemDelegate>
#include <QVBoxLayout>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

// Icon, text, and at the right the shortcut or the kind.
class PaletteDelegate : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter *painter,
               const QStyleOptionViewItem &option,
               const QModelIndex &index) const override
    {
        const Palette &palette = Theme::current();
        painter->save();
        const bool selected = option.state & QStyle::State_Selected;
        if (selected)
            painter->fillRect(option.rect, palette.selected);
        const int size = Theme::px(16);
        const QRect iconBox(
            option.rect.left() + Theme::px(12), option.rect.center().y() - size / 2, size, size);
        index.data(Qt::DecorationRole).value<QIcon>().paint(painter, iconBox);
        const QFont small = Theme::font(TextRole::Small);
        const QString kind = index.data(PaletteModel::KindRole).toString();
        const int kindWidth = QFontMetrics(small).horizontalAdvance(kind);
        QRect text = option.rect.adjusted(Theme::px(38), 0, -Theme::px(24) - kindWidth, 0);
        painter->setFont(Theme::font(TextRole::Body));
        painter->setPen(palette.text);
        painter->drawText(text,
                          Qt::AlignVCenter,
                          painter->fontMetrics().elidedText(index.data(Qt::DisplayRole).toString(),
                                                            Qt::ElideRight,
                                                            text.width()));
        painter->setFont(small);
        painter->setPen(palette.secondary);
        painter->drawText(
            option.rect.adjusted(0, 0, -Theme::px(12), 0), Qt::AlignVCenter | Qt::AlignRight, kind);
        painter->restore();
    }

    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &) const override
    {
        return {option.rect.width(), Theme::px(30)};
    }
};

// Behind whatever is found by its name.
constexpr int scoreOfWords = 1000;

bool isFoundByWords(const PaletteItem &item, const QString &typed)
{
    if (item.words.isEmpty())
        return false;
    const QString all = item.text + u' ' + item.words;
    const QStringList words = typed.split(u' ', Qt::SkipEmptyParts);
    return std::all_of(words.begin(), words.end(), [&all](const QString &word) {
        return all.contains(word, Qt::CaseInsensitive);
    });
}

} // namespace

void PaletteModel::setItems(std::vector<PaletteItem> items)
{
    beginResetModel();
    m_items = std::move(items);
    updateMatches();
    endResetModel();
}

void PaletteModel::setTyped(const QString &typed)
{
    beginResetModel();
    m_typed = typed.trimmed();
    updateMatches();
    endResetModel();
}

void PaletteModel::updateMatches()
{
    constexpr size_t mostShown = 200;
    std::vector<std::pair<int, size_t>> scored;
    for (size_t i = 0; i < m_items.size(); ++i) {
        const PaletteItem &item = m_items[i];
        if (const std::optional<int> score = fuzzyScore(item.text, m_typed))
            scored.emplace_back(-*score, i);
        else if (isFoundByWords(item, m_typed))
            scored.emplace_back(scoreOfWords, i);
    }
    std::stable_sort(scored.begin(), scored.end(), [](const auto &left, const auto &right) {
        return left.first < right.first;
    });
    scored.resize(qMin(scored.size(), mostShown));
    m_matches.clear();
    for (const auto &[score, item] : scored)
        m_matches.push_back(item);
}

const PaletteItem *PaletteModel::itemAt(const QModelIndex &index) const
{
    if (!index.isValid())
        return nullptr;
    return &m_items[m_matches[static_cast<size_t>(index.row())]];
}

std::optional<size_t> PaletteModel::numberAt(const QModelIndex &index) const
{
    if (!index.isValid())
        return std::nullopt;
    return m_matches[static_cast<size_t>(index.row())];
}

QModelIndex PaletteModel::indexOf(size_t number) const
{
    const auto found = std::find(m_matches.begin(), m_matches.end(), number);
    return found == m_matches.end() ? QModelIndex()
                                    : index(static_cast<int>(found - m_matches.begin()));
}

int PaletteModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_matches.size());
}

QVariant PaletteModel::data(const QModelIndex &index, int role) const
{
    const PaletteItem *item = itemAt(index);
    if (!item)
        return {};
    const QString keys = item->shortcut.toString(QKeySequence::NativeText);
    switch (role) {
    case Qt::DisplayRole:
        return item->text;
    case Qt::DecorationRole:
        return item->icon;
    case KindRole:
        return keys.isEmpty() ? item->kind : keys;
    case Qt::AccessibleTextRole:
        return u"%1, %2"_s.arg(item->text, keys.isEmpty() ? item->kind : keys);
    default:
        return {};
    }
}

CommandPalette::CommandPalette(QWidget *parent)
    : QDialog(parent, Qt::Popup | Qt::FramelessWindowHint)
    , m_model(new PaletteModel(this))
    , m_field(new QLineEdit(this))
    , m_list(new QListView(this))
    , m_nothing(new QLabel(this))
{
    m_field->addAction(icon(u"search"_s), QLineEdit::LeadingPosition);
    m_field->installEventFilter(this);
    m_list->setModel(m_model);
    m_list->setItemDelegate(new PaletteDelegate(m_list));
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setUniformItemSizes(true);
    m_list->setFocusPolicy(Qt::NoFocus);
    m_list->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Ignored); // see fitHeight()
    m_nothing->setAlignment(Qt::AlignHCenter | Qt::AlignTop);
    m_nothing->setForegroundRole(QPalette::PlaceholderText);

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(Theme::px(8), Theme::px(8), Theme::px(8), Theme::px(8));
    layout->setSpacing(Theme::px(8));
    layout->addWidget(m_field);
    layout->addWidget(m_list);
    layout->addWidget(m_nothing, 1);

    connect(m_field, &QLineEdit::textChanged, this, &CommandPalette::match);
    connect(m_field, &QLineEdit::textEdited, this, &CommandPalette::typed);
    connect(m_list, &QListView::clicked, this, &CommandPalette::run);
    (new Translated(this))->add([this] { setTexts(); });
}

void CommandPalette::setTexts()
{
    m_field->setPlaceholderText(tr("Search or run a command"));
    m_field->setAccessibleName(m_field->placeholderText());
    m_list->setAccessibleName(tr("Results"));
    m_nothing->setText(tr("Nothing has that name."));
}

QString CommandPalette::text() const
{
    return m_field->text();
}

void CommandPalette::openWith(std::vector<PaletteItem> items)
{
    m_items = std::move(items);
    m_field->clear();
    m_model->setItems(m_items);
    match({});
    if (const QWidget *over = parentWidget()) {
        const int width = qMin(Theme::px(560), over->width() - Theme::px(40));
        resize(width, height());
        fitHeight();
        move(over->mapToGlobal(QPoint((over->width() - width) / 2, Theme::px(60))));
    }
    show();
    m_field->setFocus();
}

void CommandPalette::addItems(std::vector<PaletteItem> items)
{
    const std::optional<size_t> current = m_model->numberAt(m_list->currentIndex());
    m_items.insert(m_items.end(),
                   std::make_move_iterator(items.begin()),
                   std::make_move_iterator(items.end()));
    m_model->setItems(m_items);
    match(m_field->text());
    // Enter runs what it would have run before.
    const QModelIndex same = current ? m_model->indexOf(*current) : QModelIndex();
    if (same.isValid())
        m_list->setCurrentIndex(same);
}

void CommandPalette::match(const QString &text)
{
    m_model->setTyped(text);
    m_list->setVisible(m_model->rowCount() > 0);
    m_nothing->setVisible(m_model->rowCount() == 0);
    fitHeight();
    m_list->setCurrentIndex(m_model->index(0));
}

// As high as what was found takes, up to what the window has room for.
void CommandPalette::fitHeight()
{
    int most = Theme::px(420);
    if (const QWidget *over = parentWidget())
        most = qMin(most, over->height() - Theme::px(120));
    const int rows = m_model->rowCount();
    const int body =
        rows > 0 ? rows * m_list->sizeHintForRow(0) : m_nothing->sizeHint().height() + Theme::px(8);
    const QMargins around = layout()->contentsMargins();
    const int whole =
        around.top() + m_field->sizeHint().height() + layout()->spacing() + body + around.bottom();
    resize(width(), qMin(most, whole));
}

void CommandPalette::run(const QModelIndex &index)
{
    const PaletteItem *item = m_model->itemAt(index);
    if (!item)
        return;
    const std::function<void()> action = item->run;
    accept();
    action();
}

// The edge of a menu: without one its ground cannot be told from that of the window.
void CommandPalette::paintEvent(QPaintEvent *event)
{
    QDialog::paintEvent(event);
    QPainter painter(this);
    painter.setPen(Theme::current().edge);
    painter.drawRect(rect().adjusted(0, 0, -1, -1));
}

// The keys of the list work while the focus is in the field.
bool CommandPalette::eventFilter(QObject *watched, QEvent *event)
{
    if (watched != m_field || event->type() != QEvent::KeyPress)
        return QDialog::eventFilter(watched, event);
    auto *key = static_cast<QKeyEvent *>(event);
    switch (key->key()) {
    case Qt::Key_Up:
    case Qt::Key_Down:
    case Qt::Key_PageUp:
    case Qt::Key_PageDown:
        QCoreApplication::sendEvent(m_list, event);
        return true;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        run(m_list->currentIndex());
        return true;
    default:
        return QDialog::eventFilter(watched, event);
    }
}

} // namespace gatehouse::ui
