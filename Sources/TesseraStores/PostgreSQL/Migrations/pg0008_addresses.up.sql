-- Addresses are found and compared by the key of all their spellings, which now stands in `email`. A program writes it:
-- SQL can neither normalize nor fold Unicode. The address as the person typed it stands here; null where the key says as
-- much, and where a version of before has written the row.
ALTER TABLE account ADD COLUMN email_text text COLLATE "C";

-- The rows whose key has not been computed yet.
CREATE INDEX account_by_unsettled_address ON account (id)
WHERE email_text IS NULL AND (email ~ '[^ -~]' OR email LIKE '%xn--%');

-- Accounts from before that do not stand under the key of their address. No other account may take that key.
CREATE TABLE irregular_address (
    account_id uuid PRIMARY KEY REFERENCES account (id) ON DELETE CASCADE,
    -- Null when the address is not accepted any more.
    email_key  text COLLATE "C"
);
CREATE INDEX irregular_address_by_key ON irregular_address (email_key);

-- A version of before knows nothing of these. What it makes of an address is looked at again.
CREATE FUNCTION account_address() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM irregular_address WHERE account_id = NEW.id;
    IF OLD.email_text IS NOT DISTINCT FROM NEW.email_text THEN NEW.email_text := NULL; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER account_address BEFORE UPDATE OF email ON account
FOR EACH ROW WHEN (OLD.email <> NEW.email) EXECUTE FUNCTION account_address();
