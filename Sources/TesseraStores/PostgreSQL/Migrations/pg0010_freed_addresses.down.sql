DROP TABLE freed_address;
