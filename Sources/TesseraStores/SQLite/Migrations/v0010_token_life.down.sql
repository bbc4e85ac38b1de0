DROP INDEX api_token_by_overlap;
ALTER TABLE api_token DROP COLUMN metadata;
ALTER TABLE api_token DROP COLUMN replaced_by;
ALTER TABLE api_token DROP COLUMN replaces;
ALTER TABLE api_token DROP COLUMN suspended_at;
