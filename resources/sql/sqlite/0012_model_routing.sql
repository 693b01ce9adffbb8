-- How requests for one model are routed, where that is not as the settings say: by the strategy of that name,
-- and whether sessions keep to their channel and key. NULL: as the settings say.
CREATE TABLE model_routing (
    model TEXT NOT NULL PRIMARY KEY,
    strategy TEXT,
    affinity INTEGER CHECK (affinity IN (0, 1))
) STRICT, WITHOUT ROWID;
