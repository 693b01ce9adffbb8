#pragma once

#include <QWidget>

namespace gatehouse::ui {

// Says under the empty table of channels what can be pasted into it.
class PasteGuide : public QWidget
{
    Q_OBJECT

public:
    explicit PasteGuide(QWidget *parent = nullptr);
};

} // namespace gatehouse::ui
