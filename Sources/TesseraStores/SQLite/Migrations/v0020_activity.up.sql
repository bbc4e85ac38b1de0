-- From where something was asked for; null where nobody asked over the network.
ALTER TABLE audit_event ADD COLUMN address TEXT;
