DROP TABLE request;
DROP TABLE audit_event;
DROP TABLE refusal;
