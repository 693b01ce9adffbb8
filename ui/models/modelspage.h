#pragma once

#include "models/modelcolumns.h"
#include "widgets/page.h"

#include <QTimer>

#include <optional>

class QStackedWidget;
class QTabBar;

namespace gatehouse::ui {

class EmptyState;
class FilterChips;
class FilterField;
class MessageBar;
class PageHeader;
class TableFilterModel;
class TableFooter;
class TableView;

// Which models clients can ask for and through which channels, and what they cost.
class ModelsPage : public Page
{
    Q_OBJECT

public:
    explicit ModelsPage(const Services &services, QWidget *parent = nullptr);

    void setFilter(const QString &text) override;
    void explainRoute(const QString &model, qint64 token, const QString &session) override;
    void focusFilter() override;

protected:
    void activated() override;
    void deactivated() override;

private:
    // One of the two tabs.
    struct Tab
    {
        TableModelBase *model = nullptr;
        TableFilterModel *filter = nullptr;
        TableView *view = nullptr;
        EmptyState *empty = nullptr;
        QString table{}; // by which its saved filters and columns are remembered
        QString filterText{};
        bool isRead = false;
    };

    void build();
    void makeActions();
    Tab makeTab(TableModelBase *model, const QString &key, int columnsVersion);
    void connectTab(const Tab &tab);
    void setTexts();
    void showTitle();
    void showTab(int index);
    Tab &present();
    void fetch();
    void showModels(const base::Result<std::vector<admin::ServedModel>> &models);
    void fetchPrices();
    void showPrices(const base::Result<std::vector<admin::PriceListing>> &listed,
                    const base::Result<std::vector<admin::UnpricedModel>> &unpriced);
    std::vector<domain::ChannelId> lackingChannels(const admin::UnpricedModel &model) const;
    bool wasRead(const QString &place, const std::optional<base::Error> &failure);
    void showFailure(const base::Error &error);
    void updateFooter();
    void updateActions();
    void fillContextMenu(QMenu *menu);

    admin::Answer<> commitPrice(const QModelIndex &source, const QVariant &value);
    void resetPrices();
    void removePrices();
    void removeRows(const std::vector<PriceRow> &rows, const LiveText &text);
    qint64 now() const;
    std::optional<domain::ModelPrice> storedPrice(const QByteArray &model,
                                                  std::optional<domain::ChannelId> channel,
                                                  qint64 effectiveFrom) const;
    std::optional<domain::ModelPrice> editedPrice(const QByteArray &model,
                                                  std::optional<domain::ChannelId> channel);
    using Targets = std::vector<std::optional<domain::ChannelId>>;
    Targets targetsOf(const PriceRow &row) const;
    admin::Answer<> savePrice(const LiveText &text,
                              const domain::ModelPrice &price,
                              const Targets &targets,
                              std::optional<qint64> formerDate = {});
    void setPrice();
    void addPrice();
    QString selectedUnpriced() const;
    void askForPrice(const PriceRow &row, const Targets &targets);
    void saveChosen(const LiveText &text,
                    const domain::ModelPrice &price,
                    const Targets &targets,
                    std::optional<qint64> formerDate = {});
    void setChannelPrice();
    void setPriceForChannel(const PriceRow &row, domain::ChannelId channel);
    void chooseRouting();
    admin::Answer<> saveRoutings(const std::vector<domain::ModelRouting> &wanted,
                                 const std::vector<domain::ModelRouting> &former);
    void explainPresent();
    void viewTraffic();
    QString channelName(domain::ChannelId id) const;
    QString presentModel() const;

    PageHeader *m_header = nullptr;
    QTabBar *m_tabs = nullptr;
    QStackedWidget *m_stack = nullptr;
    TableFooter *m_footer = nullptr;
    ServedModelTable *m_models = nullptr;
    PriceTable *m_prices = nullptr;
    FilterField *m_field;
    FilterChips *m_chips;
    MessageBar *m_messages;
    Tab m_modelTab{};
    Tab m_priceTab{};
    qint64 m_unpriced = 0;          // models in use without a price
    qint64 m_dismissedUnpriced = 0; // of which the person knows
    QTimer m_refresh{};
    QAction *m_explain = nullptr;
    QAction *m_routing = nullptr;
    QAction *m_traffic = nullptr;
    QAction *m_addPrice = nullptr;
    QAction *m_setPrice = nullptr;
    QAction *m_edit = nullptr;
    QAction *m_reset = nullptr;
    QAction *m_remove = nullptr;
    QAction *m_recalculate = nullptr;
};

} // namespace gatehouse::ui
