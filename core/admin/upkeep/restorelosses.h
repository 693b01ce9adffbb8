#pragma once

#include "admin/foundation.h"
#include "domain/lostsecrets.h"

#include <QObject>

namespace gatehouse::admin {

class IntegrationSecrets;

// What a restore without secrets took away, for as long as it is missing. Lives in the main thread.
class RestoreLosses : public QObject
{
    Q_OBJECT

public:
    RestoreLosses(const Foundation &foundation,
                  const IntegrationSecrets &secrets,
                  QObject *parent = nullptr);

    // Reads what the database tells of it.
    Answer<> load();
    // What nobody has entered since, nor switched off or deleted. The tokens and the authority are named
    // until the person was told.
    domain::LostSecrets missing() const;
    // The person was told, and is not told anew.
    Answer<> noteTold();

signals:
    // missing() may be another.
    void changed();

private:
    bool isMissing(domain::ChannelId channel) const;

    const Foundation m_base;
    const IntegrationSecrets &m_secrets;
    domain::LostSecrets m_lost{};
};

} // namespace gatehouse::admin
