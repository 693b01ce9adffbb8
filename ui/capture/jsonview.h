#pragma once

#include "admin/traffic/jsonoutline.h"

#include <QWidget>

#include <memory>

class QTreeView;

namespace gatehouse::ui {

class FindBar;
class JsonTreeModel;
class SecondaryLabel;
class Translated;

// A body as a tree, with search in names and values.
class JsonView : public QWidget
{
    Q_OBJECT

public:
    explicit JsonView(QWidget *parent = nullptr);

    void show(std::shared_ptr<const admin::JsonOutline> outline);
    using QWidget::show;
    JsonTreeModel &model() const { return *m_model; }
    QTreeView *tree() const { return m_tree; }
    FindBar *findBar() const { return m_find; }
    // What is said of a text that is not whole; empty: it is.
    QString note() const;

protected:
    void changeEvent(QEvent *event) override;

private:
    void expandBeginning();
    void fetchVisible();
    void refresh();
    void openMenu(const QPoint &position);
    void search(const QString &needle);
    void moveTo(int match);

    Translated *const m_texts;
    JsonTreeModel *m_model = nullptr;
    QTreeView *m_tree = nullptr;
    FindBar *m_find = nullptr;
    SecondaryLabel *m_note = nullptr;
    std::vector<int> m_matches{};
    bool m_allMatches = true;
    int m_match = 0;
    int m_searchGeneration = 0;
};

} // namespace gatehouse::ui
