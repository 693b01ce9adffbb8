#pragma once

#include <QString>

class QWidget;

namespace gatehouse::tests {

// A window that shows the shared widgets as pages and dialogs use them, with data as in life.
QWidget *makeTableGallery();
QWidget *makeFieldGallery();

} // namespace gatehouse::tests
