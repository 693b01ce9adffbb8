#pragma once

#include <QDialog>

class QLabel;
class QLineEdit;
class QListView;
class QSortFilterProxyModel;
class QStandardItemModel;

namespace gatehouse::ui {

// Chooses which models a channel offers, from those that the provider lists and any that are typed.
class ChannelModelSheet : public QDialog
{
    Q_OBJECT

public:
    ChannelModelSheet(const QStringList &listed,
                      const QStringList &chosen,
                      QWidget *parent = nullptr);

    // In the order of the list.
    QStringList chosen() const;

signals:
    void confirmed(const QStringList &chosen);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void build();
    void addModel(const QString &model, bool checked);
    void addTyped();
    void checkShown(bool checked);
    void refresh();

    QLineEdit *m_search = nullptr;
    QListView *m_view = nullptr;
    QStandardItemModel *m_model = nullptr;
    QSortFilterProxyModel *m_filter = nullptr;
    QLabel *m_summary = nullptr;
};

} // namespace gatehouse::ui
