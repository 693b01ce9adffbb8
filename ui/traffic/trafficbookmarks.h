#pragma once

#include "admin/traffic/traffic.h"
#include "widgets/services.h"

#include <QByteArrayList>
#include <QCoreApplication>
#include <QObject>

namespace gatehouse::ui {

// Bookmarks requests of the Traffic page and takes that back. What the person did can be undone, also when
// the page is gone.
class TrafficBookmarks : public QObject
{
    Q_OBJECT

public:
    explicit TrafficBookmarks(const Services &services, QObject *parent = nullptr);

    // What is being served still has no line that could be kept.
    static bool canMark(const std::vector<admin::TrafficLine> &lines);
    // All of them that can be bookmarked are.
    static bool areMarked(const std::vector<admin::TrafficLine> &lines);
    // Marks those that are not; if all are, none of them is any more.
    void toggle(const std::vector<admin::TrafficLine> &lines);

signals:
    void failed(const gatehouse::base::Error &error);

private:
    const Services m_services;
};

} // namespace gatehouse::ui
