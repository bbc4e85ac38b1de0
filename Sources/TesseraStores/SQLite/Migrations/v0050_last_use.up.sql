-- From where it was last used: 16 bytes of IPv6, IPv4 in its form; null when it never was, or that is not known.
ALTER TABLE api_token ADD COLUMN last_used_from BLOB CHECK (length(last_used_from) = 16);
