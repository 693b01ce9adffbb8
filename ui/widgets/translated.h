#pragma once

#include <QObject>

#include <functional>
#include <vector>

class QWidget;

namespace gatehouse::ui {

// Keeps the texts of a widget in the language of the moment: what is added is run at once and again
// whenever the language changes. A child of the widget.
class Translated final : public QObject
{
    Q_OBJECT

public:
    explicit Translated(QWidget *widget);

    void add(std::function<void()> setTexts);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    std::vector<std::function<void()>> m_texts{};
};

} // namespace gatehouse::ui
