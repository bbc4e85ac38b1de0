ALTER TABLE api_token DROP COLUMN last_used_from;
