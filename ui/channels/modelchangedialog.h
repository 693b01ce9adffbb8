#pragma once

#include <QDialog>

class QListView;
class QPushButton;
class QStandardItemModel;

namespace gatehouse::ui {

class SecondaryLabel;

// How the models that a provider lists now differ from those of a channel: each can be taken over or
// not. What is gone has a tick, what is new has none.
class ModelChangeDialog : public QDialog
{
    Q_OBJECT

public:
    ModelChangeDialog(const QString &channelName,
                      const QStringList &present,
                      const QStringList &listed,
                      QWidget *parent = nullptr);

    // "+3 −1".
    static QString summary(const QStringList &present, const QStringList &listed);
    QStringList added() const { return checked(Kind::Added); }
    QStringList removed() const { return checked(Kind::Removed); }

signals:
    void confirmed(const QStringList &added, const QStringList &removed);

private:
    enum class Kind { Added, Removed };

    void build(const QString &heading);
    void addItems(const QStringList &models, Kind kind);
    QStringList checked(Kind kind) const;
    void checkAll(bool on);
    void refresh();

    QStandardItemModel *m_model = nullptr;
    QListView *m_view = nullptr;
    SecondaryLabel *m_summary = nullptr;
    QPushButton *m_apply = nullptr;
};

} // namespace gatehouse::ui
