DROP TABLE replica_mark;
