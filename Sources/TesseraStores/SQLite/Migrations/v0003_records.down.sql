DROP TABLE audit_event;
DROP TABLE refusal;
