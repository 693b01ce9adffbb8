#pragma once

#include "base/message.h"

#include <QMetaType>

#include <concepts>
#include <functional>

namespace gatehouse::ui {

// A text that stands for a while and is to follow the language of the window: it keeps how it is made,
// and text() makes it anew in the language of the moment. What makes it holds copies of what it names.
class LiveText
{
public:
    LiveText() = default;
    // What is the same in every language.
    LiveText(QString fixed)
        : m_make([fixed = std::move(fixed)] { return fixed; })
    {}
    LiveText(base::Message message)
        : m_make([message = std::move(message)] { return message.translated(); })
    {}
    template<std::invocable Make>
    requires std::convertible_to<std::invoke_result_t<Make>, QString> LiveText(Make make)
        : m_make(std::move(make))
    {}

    QString text() const { return m_make ? m_make() : QString(); }
    bool isEmpty() const { return text().isEmpty(); }

private:
    std::function<QString()> m_make{};
};

} // namespace gatehouse::ui

Q_DECLARE_METATYPE(gatehouse::ui::LiveText)
