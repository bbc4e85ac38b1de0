DROP TABLE copy_cursor;
DROP TABLE job_lease;
DROP TABLE job_run;
DROP TABLE installation_secret;
