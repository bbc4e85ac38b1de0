DROP TABLE api_token;
DROP TABLE scope;
