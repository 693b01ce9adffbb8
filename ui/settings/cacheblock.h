#pragma once

#include "admin/gateway/answerservice.h"
#include "settings/settingsblock.h"
#include "widgets/services.h"

#include <QTimer>

class QPushButton;

namespace gatehouse::ui {

// What the cache of answers holds now and what it was good for, and the way to clear it.
class CacheBlock : public SettingsBlock
{
    Q_OBJECT

public:
    CacheBlock(const Services &services, QWidget *parent);
    void activated() override;

protected:
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;

private:
    void refresh();
    void clear();

    const Services m_services;
    QTimer m_look; // while it is seen
    SecondaryLabel *m_kept;
    SecondaryLabel *m_used;
    QPushButton *m_clear;
};

} // namespace gatehouse::ui
