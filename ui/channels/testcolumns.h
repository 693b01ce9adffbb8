#pragma once

#include "admin/channels/channeltests.h"
#include "widgets/table/tabledelegate.h"
#include "widgets/table/tablemodel.h"

#include <QCoreApplication>

namespace gatehouse::ui {

using TestTable = TableModel<admin::TestStep, int>;

// The table of a run of tests, and its words.
class TestColumns
{
    Q_DECLARE_TR_FUNCTIONS(gatehouse::ui::TestColumns)

public:
    // The role under which the cells of "time" hold how much of the time limit has passed, from 0 to
    // 1, while a test runs.
    static constexpr int progressRole = role::first;

    // `timeout` is what a test may take.
    static std::vector<Column<admin::TestStep>> columns(std::chrono::milliseconds timeout);
    // "Key refused".
    static QString verdictText(admin::TestVerdict verdict);
    // "2 keys refused".
    static QString sumText(admin::TestVerdict verdict, int count);
    static Glyph glyph(admin::TestVerdict verdict);
    static Tone tone(admin::TestVerdict verdict);
    // "answered in 612 ms", or why not.
    static QString outcomeText(const admin::ChannelTestOutcome &outcome);
    // Everything as lines of text, tab-separated, with the sums first.
    static QString report(const admin::ChannelTestRun &run);
};

// The verdicts of a run with their numbers, the most frequent first; those that do not occur are left
// out. Each test counts once, by the last result that it has.
std::vector<std::pair<admin::TestVerdict, int>> verdictsOf(const admin::ChannelTestRun &run);

// Paints the time of a test, with a bar of what has passed of its limit while it runs.
class TestTimeDelegate : public TableDelegate
{
    Q_OBJECT

public:
    using TableDelegate::TableDelegate;

    void paint(QPainter *painter,
               const QStyleOptionViewItem &option,
               const QModelIndex &index) const override;
};

// The verdicts of a run in one line, or two where they need them, each with its shape and colour.
class VerdictSums : public QWidget
{
    Q_OBJECT

public:
    explicit VerdictSums(QWidget *parent = nullptr);

    void show(const std::vector<std::pair<admin::TestVerdict, int>> &verdicts);
    QString text() const;

    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    static int lineHeight();
    // Where each stands, whether there is room for its line or not.
    std::vector<QRect> places() const;
    void fitHeight();

    std::vector<std::pair<admin::TestVerdict, int>> m_verdicts{};
};

} // namespace gatehouse::ui
