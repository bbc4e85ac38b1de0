DELETE FROM api_token WHERE user_number IS NULL;
DELETE FROM request WHERE owner_id IS NULL;
ALTER TABLE api_token DROP COLUMN grant_id;

PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(replace(sql, 'user_number  INTEGER REFERENCES', 'user_number  INTEGER NOT NULL REFERENCES'),
    'client_id BLOB CHECK (length(client_id) = 16), CHECK (user_number IS NOT NULL OR client_id IS NOT NULL)', 'client_id BLOB')
WHERE type = 'table' AND name = 'api_token';
UPDATE sqlite_schema SET sql = replace(sql, 'owner_id BLOB', 'owner_id BLOB    NOT NULL')
WHERE type = 'table' AND name = 'request';
PRAGMA writable_schema = RESET;

ALTER TABLE api_token DROP COLUMN client_id;
