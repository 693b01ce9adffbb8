#include "capture/conversationdelegate.h"

#include "capture/conversationmodel.h"
#include "theme/icons.h"
#include "theme/theme.h"
#include "widgets/format.h"

#include <QAbstractTextDocumentLayout>
#include <QApplication>
#include <QPainter>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

using admin::ConversationItem;
using Kind = ConversationItem::Kind;

constexpr int foldedHeight = 30;
constexpr int headingHeight = 28;
constexpr int cacheHeight = 16;
constexpr int margin = 12;
constexpr int indent = 22;
constexpr int keptLayouts = 200;
constexpr qsizetype shownOfText = 20'000;

// Shows no picture of this computer or of the network, whatever the text names.
class ClosedDocument : public QTextDocument
{
public:
    using QTextDocument::QTextDocument;

protected:
    QVariant loadResource(int type, const QUrl &name) override
    {
        Q_UNUSED(type)
        Q_UNUSED(name)
        return {};
    }
};

QString iconOf(Kind kind)
{
    switch (kind) {
    case Kind::System:
        return u"scroll-text"_s;
    case Kind::Tools:
        return u"wrench"_s;
    case Kind::User:
        return u"user"_s;
    case Kind::Assistant:
        return u"bot"_s;
    case Kind::Reasoning:
        return u"brain"_s;
    case Kind::Tool:
        return u"terminal"_s;
    case Kind::Image:
        return u"image"_s;
    case Kind::Earlier:
        return u"repeat-2"_s;
    case Kind::Other:
        break;
    }
    return u"file"_s;
}

// Whether a text is laid out in a moment as Markdown: quotations in quotations, tables of thousands of
// cells and the like take seconds, and are shown as they were written.
bool isTame(const QString &text)
{
    constexpr qsizetype longest = 10'000;
    constexpr int deepest = 10;
    constexpr int mostMarks = 1'000;
    if (text.size() > longest)
        return false;
    int depth = 0; // marks at the start of the line
    int marks = 0;
    bool isAtStart = true;
    QChar previous;
    for (const QChar c : text) {
        if (c == u'\n') {
            depth = 0;
            isAtStart = true;
            continue;
        }
        const bool isMark = QStringView(u">-+*|[]_`~<").contains(c);
        marks += isMark ? 1 : 0;
        isAtStart = isAtStart && (isMark || c.isSpace() || c.isDigit() || c == u'.');
        // A rule or a fence repeats its mark, and is no depth; nor are the edges of cells.
        depth += isAtStart && isMark && c != previous && c != u'|' ? 1 : 0;
        previous = c;
        if (marks > mostMarks || depth > deepest)
            return false;
    }
    return true;
}

ConversationItem itemOf(const QModelIndex &index)
{
    return index.data(ConversationModel::ItemRole).value<ConversationItem>();
}

bool isOpen(const QModelIndex &index)
{
    return index.data(ConversationModel::OpenRole).toBool();
}

// What went before opens to rows of its own.
bool isUnfolded(const QModelIndex &index)
{
    return isOpen(index) && itemOf(index).kind != Kind::Earlier;
}

bool isCode(Kind kind)
{
    return kind == Kind::Tool || kind == Kind::Tools || kind == Kind::Other;
}

} // namespace

ConversationDelegate::ConversationDelegate(QObject *parent)
    : QStyledItemDelegate(parent)
    , m_documents(keptLayouts)
{}

int ConversationDelegate::widthOf(const QStyleOptionViewItem &option) const
{
    const auto *view = qobject_cast<const QAbstractScrollArea *>(option.widget);
    const int whole = view ? view->viewport()->width() : option.rect.width();
    return std::max(whole - Theme::px(2 * margin + indent), Theme::px(80));
}

QTextDocument *ConversationDelegate::documentOf(const QModelIndex &index, int width) const
{
    QTextDocument *known = m_documents.object(index.row());
    if (known && qRound(known->textWidth()) == width)
        return known;
    if (known) {
        known->setTextWidth(width);
        return known;
    }
    const ConversationItem item = itemOf(index);
    QString text = ConversationModel::fullText(item);
    if (text.size() > shownOfText)
        text = text.left(shownOfText) + u'…';
    auto *document = new ClosedDocument;
    document->setUndoRedoEnabled(false);
    document->setDocumentMargin(0);
    document->setDefaultFont(Theme::font(isCode(item.kind) ? TextRole::Fixed : TextRole::Body));
    QTextOption wrap;
    wrap.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    document->setDefaultTextOption(wrap);
    const bool isProse = item.kind == Kind::Assistant || item.kind == Kind::Reasoning;
    if (isProse && isTame(text))
        document->setMarkdown(text, QTextDocument::MarkdownNoHTML);
    else
        document->setPlainText(text);
    document->setTextWidth(width);
    m_documents.insert(index.row(), document);
    return document;
}

QSize ConversationDelegate::sizeHint(const QStyleOptionViewItem &option,
                                     const QModelIndex &index) const
{
    const ConversationItem item = itemOf(index);
    const bool isMarked = !index.data(ConversationModel::CacheMarkRole).toString().isEmpty();
    const int extra = isMarked ? Theme::px(cacheHeight) : 0;
    if (!isUnfolded(index))
        return {Theme::px(200), Theme::px(foldedHeight) + extra};
    int content = 0;
    const QVariant thumbnail = index.data(ConversationModel::ThumbnailRole);
    if (thumbnail.isValid())
        content = thumbnail.value<QImage>().height();
    else
        content = qCeil(documentOf(index, widthOf(option))->size().height());
    return {Theme::px(200), Theme::px(headingHeight) + content + Theme::px(8) + extra};
}

void ConversationDelegate::paintHeading(QPainter *painter,
                                        const QRect &line,
                                        const ConversationItem &item,
                                        bool isOpen) const
{
    const Palette &colors = Theme::current();
    const QRect chevron(
        line.left() + Theme::px(margin - 4), line.top(), Theme::px(14), line.height());
    paintIcon(painter,
              chevron.adjusted(Theme::px(1), 0, -Theme::px(1), 0),
              isOpen ? u"chevron-down" : u"chevron-right",
              colors.secondary);
    const QRect mark(chevron.right() + Theme::px(6), line.top(), Theme::px(14), line.height());
    paintIcon(painter, mark, iconOf(item.kind), colors.secondary);
    const QString tokens = ConversationModel::tr("≈ %1 tok").arg(Format::count(item.tokens));
    const QFont small = Theme::font(TextRole::Small);
    const int tokensWidth = QFontMetrics(small).horizontalAdvance(tokens);
    QRect words(mark.right() + Theme::px(8), line.top(), 0, line.height());
    words.setRight(line.right() - Theme::px(margin) - tokensWidth - Theme::px(8));
    painter->setFont(small);
    painter->setPen(colors.secondary);
    painter->drawText(
        line.adjusted(0, 0, -Theme::px(margin), 0), Qt::AlignRight | Qt::AlignVCenter, tokens);
    const QFont strong = Theme::font(TextRole::BodyStrong);
    const QFontMetrics metrics(strong);
    const QString heading = metrics.elidedText(
        ConversationModel::heading(item), Qt::ElideRight, std::max(words.width(), 0));
    painter->setFont(strong);
    painter->setPen(colors.text);
    painter->drawText(words, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine, heading);
    words.setLeft(words.left() + metrics.horizontalAdvance(heading) + Theme::px(8));
    if (isOpen || words.width() < Theme::px(20))
        return;
    const QFont body = Theme::font(TextRole::Body);
    painter->setFont(body);
    painter->setPen(colors.secondary);
    painter->drawText(words,
                      Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine,
                      QFontMetrics(body).elidedText(
                          ConversationModel::preview(item), Qt::ElideRight, words.width()));
}

void ConversationDelegate::paintCacheMark(QPainter *painter,
                                          const QRect &room,
                                          const QString &words) const
{
    const Palette &colors = Theme::current();
    painter->setFont(Theme::font(TextRole::Caption));
    painter->setPen(colors.good.text);
    const QRect line = room.adjusted(Theme::px(margin), 0, -Theme::px(margin), 0);
    painter->drawText(line, Qt::AlignLeft | Qt::AlignVCenter, words);
    const int from = line.left() + painter->fontMetrics().horizontalAdvance(words) + Theme::px(8);
    painter->setPen(QPen(colors.good.mark, 1, Qt::DashLine));
    painter->drawLine(from, line.center().y(), line.right(), line.center().y());
}

void ConversationDelegate::paint(QPainter *painter,
                                 const QStyleOptionViewItem &option,
                                 const QModelIndex &index) const
{
    const ConversationItem item = itemOf(index);
    const Palette &colors = Theme::current();
    const bool open = isOpen(index);
    const bool unfolded = isUnfolded(index);
    painter->save();
    const bool isCurrent = option.state.testFlag(QStyle::State_HasFocus);
    if (isCurrent)
        painter->fillRect(QRect(option.rect.topLeft(), QSize(Theme::px(3), option.rect.height())),
                          colors.link);
    QRect rest = option.rect;
    const QString mark = index.data(ConversationModel::CacheMarkRole).toString();
    if (!mark.isEmpty()) {
        const int height = Theme::px(cacheHeight);
        paintCacheMark(
            painter, QRect(rest.left(), rest.bottom() + 1 - height, rest.width(), height), mark);
        rest.setBottom(rest.bottom() - height);
    } else {
        painter->fillRect(rest.left(), rest.bottom(), rest.width(), 1, colors.line);
    }
    const QRect line(
        rest.left(), rest.top(), rest.width(), unfolded ? Theme::px(headingHeight) : rest.height());
    paintHeading(painter, line, item, open);
    if (unfolded) {
        painter->translate(rest.left() + Theme::px(margin + indent), line.bottom() + 1);
        const QVariant thumbnail = index.data(ConversationModel::ThumbnailRole);
        if (thumbnail.isValid()) {
            painter->drawImage(0, 0, thumbnail.value<QImage>());
        } else {
            QAbstractTextDocumentLayout::PaintContext context;
            context.palette.setColor(QPalette::Text, colors.text);
            context.palette.setColor(QPalette::Link, colors.link);
            documentOf(index, widthOf(option))->documentLayout()->draw(painter, context);
        }
    }
    painter->restore();
}

} // namespace gatehouse::ui
