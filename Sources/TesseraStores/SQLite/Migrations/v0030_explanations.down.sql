DROP INDEX audit_event_by_revoked_token;
DROP INDEX refusal_by_cause;
DROP INDEX refusal_by_owner;
DROP INDEX refusal_by_token;
ALTER TABLE refusal DROP COLUMN hint;
ALTER TABLE refusal DROP COLUMN origin;
