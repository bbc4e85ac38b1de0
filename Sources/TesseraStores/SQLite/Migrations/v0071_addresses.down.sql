DROP TRIGGER user_address;
-- The spelling by which a version of before finds the account.
UPDATE OR IGNORE user SET email = lower(email_text) WHERE email_text IS NOT NULL;

DROP TRIGGER user_revision;
CREATE TRIGGER user_revision
AFTER UPDATE OF number, id, email, username, is_operator, created_at, disabled_at ON user
BEGIN
    UPDATE user SET revision = random() WHERE number = NEW.number;
END;

DROP TABLE irregular_address;
DROP INDEX user_by_unsettled_address;
ALTER TABLE user DROP COLUMN email_text;
