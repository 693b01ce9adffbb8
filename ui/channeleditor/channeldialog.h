#pragma once

#include "admin/channels/channeladdress.h"
#include "admin/channels/channelrecognition.h"
#include "admin/channels/discovery.h"
#include "admin/channels/drafttest.h"
#include "channeleditor/channelgallery.h"
#include "widgets/dialogs/editdialog.h"
#include "widgets/services.h"

#include <QHash>
#include <QTimer>

class QCheckBox;
class QLineEdit;
class QPlainTextEdit;
class QPushButton;
class QScrollArea;
class QSpinBox;
class QStackedWidget;
class QToolButton;

namespace gatehouse::ui {

class BusyLine;
class ChannelAdvanced;
class ChannelGroups;
class ChannelKeys;
class Form;
class MessageBar;
class SecondaryLabel;
class TagEdit;
class WebLink;

// Adds a channel or edits one: the provider, where it is, its keys and models, and the rest folded up.
// What was typed stays when the service refuses it. Stored keys are never shown.
class ChannelDialog : public EditDialog
{
    Q_OBJECT

public:
    ChannelDialog(const Services &services,
                  std::optional<domain::Channel> edited,
                  QWidget *parent = nullptr);
    ~ChannelDialog() override;

    // Fills in what a text says of a channel: keys, a cURL command, lines of a `.env` file, a link.
    // False: it says nothing.
    bool pasteText(const QString &text);
    // What the fields say now. Keys that stay have an id and no secret.
    domain::Channel channel() const;

    // Chooses what runs on this computer, or says what was looked for.
    void scanForLocal();

signals:
    // As it is stored, without secrets; `before` is what was stored until then.
    void added(const gatehouse::domain::Channel &channel);
    void edited(const gatehouse::domain::Channel &before, const gatehouse::domain::Channel &after);

protected:
    const QWidget *fields() const override;

private:
    int shownPriority(const domain::Channel &channel) const;
    void build();
    QWidget *makeGallery();
    QWidget *makeForm();
    QWidget *makeFooter();
    void addProvider();
    void addModels();
    void addOrder();
    void addAdvanced();
    QWidget *makeTestLine();
    void fill(const domain::Channel &channel);
    void discover();
    void chooseFound();

    void choose(const ProviderChoice &choice);
    void chooseByHand(const ProviderChoice &choice);
    void showChoice(const ProviderChoice &choice);
    void setProvider(const ProviderChoice &choice);
    void fillFound(const domain::Channel &found);
    void reviewAddress();
    void showPages();
    void reviewNotes();
    bool review();
    bool isNew() const { return !m_edited.has_value(); }
    bool takesKeys() const;
    bool isAtProvider() const;
    bool isElsewhere() const;
    bool lacksKey() const;
    QString addressProblem() const;

    void keysChanged();
    void lookForKnownKeys();

    void startOrStopTest();
    void finishTest(const base::Result<admin::DraftTestReport> &report);
    void takeModels(const QStringList &models);
    void forgetListing();
    void forgetModels();
    void setTesting(bool testing);
    void chooseModels();
    void setModels(const QStringList &models);
    QStringList models() const;

    void save(domain::ChannelStatus status);
    void fail(const base::Error &error);

    const Services m_services;
    const std::optional<domain::Channel> m_edited;
    admin::Discovery m_discovery;
    std::vector<admin::FoundProvider> m_found{};
    ProviderChoice m_choice{};
    QString m_chosen{};                    // its entry in the gallery
    QHash<QString, QString> m_addresses{}; // that were typed for providers which are not chosen now
    admin::AddressReview m_address{};
    QStringList m_listed{}; // models, by the provider
    QStringList m_filled{}; // models that no person chose
    QString m_leftOut{};    // what is said of keys that were pasted and did not fit
    QString m_variable{};   // that a pasted command names in place of the key
    QString m_ownName{};    // that the dialog proposed
    QTimer m_lookUp{};
    int m_lookUps = 0;
    bool m_scanned = false;
    bool m_wantsFound = false;
    bool m_testing = false;
    bool m_saving = false;

    SearchableList *m_gallery = nullptr;
    MessageBar *m_messages = nullptr;
    QScrollArea *m_scroll = nullptr;
    Form *m_form = nullptr;
    QLineEdit *m_name = nullptr;
    WebLink *m_documentation = nullptr;
    QLineEdit *m_url = nullptr;
    SecondaryLabel *m_caution = nullptr;
    ChannelKeys *m_keys = nullptr;
    QWidget *m_testLine = nullptr;
    QPushButton *m_test = nullptr;
    QCheckBox *m_chat = nullptr;
    BusyLine *m_busy = nullptr;
    QWidget *m_modelsField = nullptr;
    QStackedWidget *m_modelStack = nullptr;
    TagEdit *m_models = nullptr;
    QLineEdit *m_modelSummary = nullptr; // in place of many chips
    QPushButton *m_chooseModels = nullptr;
    QSpinBox *m_priority = nullptr;
    QSpinBox *m_weight = nullptr;
    TagEdit *m_groups = nullptr;
    ChannelGroups *m_groupNotes = nullptr;
    TagEdit *m_tags = nullptr;
    QPlainTextEdit *m_note = nullptr;
    QToolButton *m_fold = nullptr;
    ChannelAdvanced *m_advanced = nullptr;
    QPushButton *m_save = nullptr;
    QPushButton *m_saveDisabled = nullptr;
};

} // namespace gatehouse::ui
