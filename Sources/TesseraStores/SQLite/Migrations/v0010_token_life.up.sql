-- When its owner disabled it; null while it is not.
ALTER TABLE api_token ADD COLUMN suspended_at INTEGER;
-- The chain of rotation, by identifiers without a reference: one end of it may be pruned before the other.
ALTER TABLE api_token ADD COLUMN replaces BLOB CHECK (length(replaces) = 16);
ALTER TABLE api_token ADD COLUMN replaced_by BLOB CHECK (length(replaced_by) = 16);
-- A JSON object of texts; null when there are none.
ALTER TABLE api_token ADD COLUMN metadata TEXT CHECK (metadata GLOB '{*}');

-- For finding old tokens that live on beside their successors.
CREATE INDEX api_token_by_overlap ON api_token (expires_at) WHERE replaced_by IS NOT NULL AND revoked_at IS NULL;
