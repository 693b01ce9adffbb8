#pragma once

#include "admin/integrations/failingexport.h"
#include "base/clock.h"

#include <QMap>
#include <QObject>

#include <vector>

namespace gatehouse::admin {

class CatalogPublisher;
class OtlpService;
class WebhookService;

// Which exports fail: from a failure on until something is taken, or until the settings of that export
// change. Lives in the main thread.
class ExportWatch : public QObject
{
    Q_OBJECT

public:
    ExportWatch(CatalogPublisher &publisher,
                WebhookService &webhook,
                OtlpService &otlp,
                const base::Clock &clock,
                QObject *parent = nullptr);

    std::vector<FailingExport> failing() const;

signals:
    void changed();

private:
    void noteFailure(const QString &setting, const base::Error &error);
    void noteSuccess(const QString &setting);
    void lookAtSettings();
    QMap<QString, QString> targets() const;

    CatalogPublisher &m_publisher;
    const base::Clock &m_clock;
    QMap<QString, FailingExport> m_failing{}; // by their settings
    QMap<QString, QString> m_targets{};       // where they went, likewise
};

} // namespace gatehouse::admin
