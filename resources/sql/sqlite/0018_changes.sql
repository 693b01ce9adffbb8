-- What was changed in the administration: who, when, which object, and the fields with their former and latter
-- values as JSON, without secrets. Ids rise with the time.
CREATE TABLE changes (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    changed_at INTEGER NOT NULL,
    author INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    user_name TEXT NOT NULL,
    way INTEGER NOT NULL,
    object TEXT NOT NULL,
    object_id INTEGER NOT NULL,
    object_name TEXT NOT NULL,
    action TEXT NOT NULL,
    fields TEXT NOT NULL
) STRICT;

CREATE INDEX changes_object ON changes (object, object_id, id);
