-- Addresses are found and compared by the key of all their spellings, which now stands in `email`. A program writes it:
-- SQL can neither normalize nor fold Unicode. The address as the person typed it stands here; null where the key says as
-- much, and where a version of before has written the row.
ALTER TABLE user ADD COLUMN email_text TEXT;

-- The rows whose key has not been computed yet.
CREATE INDEX user_by_unsettled_address ON user (id)
WHERE email_text IS NULL AND (email GLOB '*[^ -~]*' OR email GLOB '*xn--*');

-- Accounts from before that do not stand under the key of their address. No other account may take that key.
CREATE TABLE irregular_address (
    user_number INTEGER PRIMARY KEY REFERENCES user (number) ON DELETE CASCADE,
    -- Null when the address is not accepted any more.
    email_key   TEXT
) STRICT;
CREATE INDEX irregular_address_by_key ON irregular_address (email_key);

-- A version of before knows nothing of these. What it makes of an address is looked at again.
CREATE TRIGGER user_address
AFTER UPDATE OF email ON user WHEN OLD.email <> NEW.email
BEGIN
    DELETE FROM irregular_address WHERE user_number = NEW.number;
    UPDATE user SET email_text = NULL WHERE number = NEW.number AND OLD.email_text IS NEW.email_text;
END;

DROP TRIGGER user_revision;
CREATE TRIGGER user_revision
AFTER UPDATE OF number, id, email, username, is_operator, created_at, disabled_at, email_text ON user
BEGIN
    UPDATE user SET revision = random() WHERE number = NEW.number;
END;
