-- A token stands for a person or, without one, for a client itself. The client is the application that received the token, and
-- the grant the consent behind it; both are null for a personal token. Rows from before need not be looked at.
ALTER TABLE api_token
    ALTER COLUMN account_id DROP NOT NULL,
    ADD COLUMN client_id uuid,
    ADD COLUMN grant_id uuid,
    ADD CONSTRAINT api_token_has_subject CHECK (account_id IS NOT NULL OR client_id IS NOT NULL) NOT VALID;
-- The owner of a request is a person.
ALTER TABLE request ALTER COLUMN owner_id DROP NOT NULL;
