#pragma once

#include <QSplitter>

namespace gatehouse::ui {

class UiState;

// A splitter whose handle is a hairline that can be caught three pixels beside it.
class Splitter : public QSplitter
{
    Q_OBJECT

public:
    explicit Splitter(Qt::Orientation orientation, QWidget *parent = nullptr);

    // Restores the sizes that were saved under `key`, and saves them from now on. To be called when
    // all parts are in. The keys of splitters are their own: a table may have the same one.
    void remember(UiState &state, const QString &key);

protected:
    QSplitterHandle *createHandle() override;

private:
    int layoutVersion() const;
};

} // namespace gatehouse::ui
