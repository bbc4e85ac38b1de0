DROP TABLE token_prefix;
DROP TABLE claim;
