DELETE FROM api_token WHERE account_id IS NULL;
DELETE FROM request WHERE owner_id IS NULL;
ALTER TABLE request ALTER COLUMN owner_id SET NOT NULL;
ALTER TABLE api_token
    DROP CONSTRAINT api_token_has_subject,
    DROP COLUMN grant_id,
    DROP COLUMN client_id,
    ALTER COLUMN account_id SET NOT NULL;
