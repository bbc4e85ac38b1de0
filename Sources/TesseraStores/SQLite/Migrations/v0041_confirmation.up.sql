-- When the person last proved who they are. Sessions from before have done so when they were started.
ALTER TABLE session ADD COLUMN authenticated_at INTEGER NOT NULL DEFAULT 0;
UPDATE session SET authenticated_at = started_at;
