DROP TABLE session;
DROP TABLE user;
