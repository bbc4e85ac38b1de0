-- Attempts at passwords and at new accounts, counted for all nodes.
CREATE TABLE throttle (
    -- A code of who has tried, from which nobody learns an address.
    key          bytea       PRIMARY KEY,
    failures     integer     NOT NULL,
    -- Until when nobody may try; null while everybody may.
    closed_until timestamptz,
    -- When all of this is forgotten, unless it is tried again.
    forget_at    timestamptz NOT NULL
);
CREATE INDEX throttle_forget_at ON throttle (forget_at);
