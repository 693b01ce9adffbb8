#include "widgets/table/filterfield.h"

#include "theme/icons.h"
#include "theme/plaintip.h"
#include "theme/theme.h"

#include <QAction>
#include <QCompleter>
#include <QInputMethodEvent>
#include <QItemSelectionModel>
#include <QKeyEvent>
#include <QListView>
#include <QStringListModel>
#include <QTextCharFormat>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

constexpr int applyDelay = 200; // milliseconds after the last key
constexpr int mostProposals = 50;

// A value as it is written in a filter.
QString asValue(const QString &value)
{
    const bool quote = value.contains(u' ') || value.contains(u',');
    return quote ? u"\"%1\""_s.arg(QString(value).remove(u'"')) : value;
}

} // namespace

FilterField::FilterField(QWidget *parent)
    : QLineEdit(parent)
    , m_completer(new QCompleter(this))
    , m_proposals(new QStringListModel(this))
{
    addAction(icon(u"list-filter", IconColor::Secondary), QLineEdit::LeadingPosition);
    setClearButtonEnabled(true);
    setMaxLength(10'000);
    retranslate();
    m_timer.setSingleShot(true);
    m_timer.setInterval(applyDelay);
    connect(&m_timer, &QTimer::timeout, this, &FilterField::apply);

    m_completer->setModel(m_proposals);
    m_completer->setWidget(this);
    m_completer->setCompletionMode(QCompleter::UnfilteredPopupCompletion);
    m_completer->popup()->setObjectName(u"filterProposals"_s);
    connect(m_completer,
            qOverload<const QString &>(&QCompleter::activated),
            this,
            &FilterField::complete);

    connect(this, &QLineEdit::textChanged, this, [this] {
        if (m_underlining)
            return;
        review();
        m_timer.start();
    });
    connect(this, &QLineEdit::textEdited, this, &FilterField::propose);
}

void FilterField::setKeys(const QStringList &keys)
{
    m_keys = keys;
    review();
}

void FilterField::setProblem(Problem problem)
{
    m_problem = std::move(problem);
    review();
}

void FilterField::setFilter(const QString &text)
{
    setText(text);
    if (!hasFocus())
        setCursorPosition(0); // a long one is read from its beginning
    apply();
}

void FilterField::retranslate()
{
    setAccessibleName(tr("Filter"));
    if (placeholderText().isEmpty())
        setPlaceholderText(tr("Filter"));
}

void FilterField::changeEvent(QEvent *event)
{
    QLineEdit::changeEvent(event);
    if (event->type() == QEvent::LanguageChange) {
        retranslate();
        review();
    }
}

void FilterField::apply()
{
    m_timer.stop();
    if (m_composing)
        return;
    domain::FilterQuery query;
    const domain::FilterQuery typed = domain::filterQueryFrom(text());
    for (const domain::FilterTerm &term : typed.terms) {
        if (!m_problem || m_problem(term).isEmpty())
            query.terms.append(term);
    }
    if (query == m_query)
        return;
    m_query = query;
    emit queryChanged(m_query);
}

void FilterField::setHelp(const QString &help)
{
    m_help = help;
    review();
}

void FilterField::review()
{
    if (m_composing)
        return;
    QList<domain::FilterTerm> wrong;
    QStringList reasons;
    const domain::FilterQuery typed = domain::filterQueryFrom(text());
    for (const domain::FilterTerm &term : typed.terms) {
        const QString reason = m_problem ? m_problem(term) : QString();
        if (reason.isEmpty())
            continue;
        wrong.append(term);
        reasons.append(reason);
    }
    m_problems = reasons.join(u'\n');
    const QString tip = m_problems.isEmpty() ? m_help : m_problems;
    setToolTip(plainTip(tip));
    setAccessibleDescription(tip);
    underline(wrong);
}

// A line edit has no formats of its own, but shows those of an input method.
void FilterField::underline(const QList<domain::FilterTerm> &terms)
{
    QList<QInputMethodEvent::Attribute> attributes;
    for (const domain::FilterTerm &term : terms) {
        QTextCharFormat format;
        format.setUnderlineStyle(QTextCharFormat::WaveUnderline);
        format.setUnderlineColor(Theme::current().failure.mark);
        attributes.append({QInputMethodEvent::TextFormat,
                           static_cast<int>(term.position) - cursorPosition(),
                           static_cast<int>(term.length),
                           format});
    }
    m_underlining = true;
    QInputMethodEvent event(QString(), attributes);
    QLineEdit::inputMethodEvent(&event);
    m_underlining = false;
}

void FilterField::inputMethodEvent(QInputMethodEvent *event)
{
    m_composing = !event->preeditString().isEmpty();
    QLineEdit::inputMethodEvent(event);
    if (!m_composing) {
        review();
        m_timer.start();
    }
}

void FilterField::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Escape) {
        if (m_completer->popup()->isVisible()) {
            m_completer->popup()->hide();
        } else if (text().isEmpty()) {
            clearFocus();
            emit left();
        } else {
            clear();
            apply();
        }
        return;
    }
    const bool enter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (enter && m_completer->popup()->isVisible()) {
        if (m_completer->popup()->selectionModel()->hasSelection()) {
            event->ignore(); // the completer takes what is current in it
            return;
        }
        m_completer->popup()->hide(); // what nobody chose does not replace what was typed
    }
    if (event->key() == Qt::Key_Down || enter) {
        apply();
        if (event->key() == Qt::Key_Down)
            emit left();
        return;
    }
    QLineEdit::keyPressEvent(event);
}

QPair<int, int> FilterField::wordAtCursor() const
{
    const int cursor = cursorPosition();
    const domain::FilterQuery typed = domain::filterQueryFrom(text());
    for (const domain::FilterTerm &term : typed.terms) {
        const int start = static_cast<int>(term.position);
        const int end = start + static_cast<int>(term.length);
        if (cursor > start && cursor <= end)
            return {start, cursor};
    }
    return {cursor, cursor};
}

void FilterField::propose()
{
    const auto [start, end] = wordAtCursor();
    QString word = text().mid(start, end - start);
    if (word.startsWith(u'-'))
        word.remove(0, 1);
    QStringList proposals;
    const qsizetype colon = word.indexOf(u':');
    if (colon > 0 && m_values) {
        const QString key = word.left(colon).toLower();
        QString begun = word.mid(colon + 1).remove(u'"');
        begun = begun.mid(begun.lastIndexOf(u',') + 1);
        const QStringList values = m_keys.contains(key) ? m_values(key) : QStringList();
        for (const QString &value : values) {
            if (value.contains(begun, Qt::CaseInsensitive) && value != begun)
                proposals.append(asValue(value));
        }
    } else if (colon < 0 && !word.isEmpty()) {
        for (const QString &key : std::as_const(m_keys)) {
            if (key.startsWith(word, Qt::CaseInsensitive))
                proposals.append(key + u':');
        }
    }
    m_proposals->setStringList(proposals.mid(0, mostProposals));
    if (proposals.isEmpty()) {
        m_completer->popup()->hide();
        return;
    }
    QRect place = cursorRect();
    place.moveLeft(place.left() - Theme::px(8));
    place.setWidth(Theme::px(220));
    place.setBottom(rect().bottom());
    m_completer->complete(place);
}

void FilterField::complete(const QString &proposal)
{
    auto [start, end] = wordAtCursor();
    const QString word = text().mid(start, end - start);
    const bool isKey = proposal.endsWith(u':');
    qsizetype from = word.startsWith(u'-') ? 1 : 0;
    if (!isKey)
        from = qMax(word.indexOf(u':'), word.lastIndexOf(u',')) + 1;
    setSelection(start + static_cast<int>(from), end - start - static_cast<int>(from));
    insert(isKey ? proposal : proposal + u' ');
    if (isKey)
        propose();
}

} // namespace gatehouse::ui
