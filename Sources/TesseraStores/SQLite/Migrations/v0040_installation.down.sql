DROP TABLE installation_secret;
