-- Addresses that accounts have given up, for a while. They name the account without a reference: it may be removed before.
CREATE TABLE freed_address (
    address    text COLLATE "C" PRIMARY KEY,
    account_id uuid             NOT NULL,
    freed_at   timestamptz      NOT NULL
);
CREATE INDEX freed_address_by_account ON freed_address (account_id);
CREATE INDEX freed_address_by_instant ON freed_address (freed_at);
