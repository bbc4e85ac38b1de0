DROP TABLE treasure;
