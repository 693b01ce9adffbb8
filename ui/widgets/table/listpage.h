#pragma once

#include "admin/flow.h"
#include "widgets/page.h"

#include <QTimer>

#include <optional>

namespace gatehouse::ui {

class BulkForm;
class EmptyState;
class FilterChips;
class FilterField;
class MessageBar;
class PageHeader;
class TableFilterModel;
class TableFooter;
class TableModelBase;
class TableView;

// A page that is one table, with its filter in the header, failures below that and sums at the bottom.
// It asks for the rows anew when anything has changed, and now and then, since times go by. Whoever
// derives from it says what stands in the table and what is done with it.
class ListPage : public Page
{
    Q_OBJECT

public:
    ~ListPage() override;

    void setFilter(const QString &text) override;
    void showItem(qint64 item) override;
    void focusFilter() override;

protected:
    using Run = std::function<void()>;

    ListPage(PageId id, const Services &services, QWidget *parent);

    void activated() override;
    void deactivated() override;
    // Asks for the rows. Once they are in the table, showRows() is to be called.
    virtual void fetch() = 0;
    // Of the table that was set; -1: the item is not there.
    virtual int rowOf(qint64 item) const = 0;
    // The person opened a row of the table that was set.
    virtual void openRow(int row) = 0;
    virtual void updateActions();
    virtual void updateFooter() = 0;
    virtual void selectionChanged();

    PageHeader *header() const { return m_header; }
    FilterField *field() const { return m_field; }
    MessageBar *messages() const { return m_messages; }
    TableFilterModel *filter() const { return m_filter; }
    TableView *view() const { return m_view; }
    EmptyState *emptyState() const { return m_empty; }
    TableFooter *footer() const { return m_footer; }
    // The saved filters; hidden as long as there are none.
    FilterChips *chips() const { return m_chips; }
    // The table and its footer.
    QWidget *list() const { return m_list; }

    void setTable(TableModelBase *table);
    // Puts the list, or what it is part of, below the header.
    void setBody(QWidget *body);
    // The list with `detail` beside it; how wide that is, is kept under `key`.
    void setBodyWithDetail(QWidget *detail, const QString &key);
    // Actions that need exactly one selected row, or at least one.
    QAction *addSingle(const ActionDescription &description, Run run);
    QAction *addSeveral(const ActionDescription &description, Run run);
    const QList<QAction *> &actionsForSeveral() const { return m_several; }
    // Those that concern selected rows, with the separators between them.
    QList<QAction *> rowActions() const;
    // Lets the shortcut of an action work in the table alone, such as Space, which buttons take too.
    void bindToTable(QAction *action);

    // An action that writes what the table shows into a file; `fileName` without its ending.
    void addExport(const char *name, const QString &fileName);
    // Actions that save the filter, rename and remove it.
    void addFilterActions();
    // What goes on beside an export, in a few words; job() prefers it.
    void setOwnJob(const QString &text);
    bool hasOwnJob() const { return !m_ownJob.isEmpty(); }

    void fetchAndSelect(qint64 item);
    void fetchIfActive();
    void showRows();
    // Whether the rows could be read; why not, is shown until they can.
    template<typename T>
    bool wasRead(const base::Result<T> &rows)
    {
        noteRead(rows ? std::nullopt : std::optional(rows.error()));
        return rows.has_value();
    }
    void showFailure(const base::Error &error);
    // Shows how a change went, and what there is then.
    void finish(const base::Result<> &outcome);
    void follow(admin::Answer<> answer);
    // Of a change that `dialog` asked for: closes it, or says there why it was refused.
    void followDialog(admin::Answer<> answer, BulkForm *dialog);

private:
    void connectTable();
    void noteRead(const std::optional<base::Error> &failure);
    void refresh();
    void updateJob();

    PageHeader *m_header;
    FilterField *m_field;
    const QByteArray m_name; // of the page, as its actions begin
    FilterChips *m_chips;
    MessageBar *m_messages;
    TableFilterModel *m_filter;
    QWidget *m_list;
    TableView *m_view;
    EmptyState *m_empty;
    TableFooter *m_footer;
    QList<QAction *> m_single{};
    QList<QAction *> m_several{};
    QString m_ownJob{};
    QString m_exportJob{};
    qint64 m_wanted = 0;         // to be selected as soon as it is there
    bool m_clearsFilter = false; // if that hides it
    QTimer *m_refresh;
};

} // namespace gatehouse::ui
