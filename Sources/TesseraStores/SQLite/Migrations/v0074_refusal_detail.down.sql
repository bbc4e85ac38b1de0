ALTER TABLE refusal DROP COLUMN detail;
