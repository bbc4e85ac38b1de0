DROP TRIGGER account_address ON account;
DROP FUNCTION account_address();
-- The spelling by which a version of before finds the account.
UPDATE account SET email = lower(email_text)
WHERE email_text IS NOT NULL AND email <> lower(email_text)
    AND NOT EXISTS (SELECT FROM account AS other WHERE other.email = lower(account.email_text));
DROP TABLE irregular_address;
DROP INDEX account_by_unsettled_address;
ALTER TABLE account DROP COLUMN email_text;
