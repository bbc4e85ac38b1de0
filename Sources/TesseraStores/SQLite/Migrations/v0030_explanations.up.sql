-- What a refusal tells beside its cause.
ALTER TABLE refusal ADD COLUMN origin TEXT;
ALTER TABLE refusal ADD COLUMN hint TEXT;

-- For listing what was refused of one token, of one person, for one cause; newest first.
CREATE INDEX refusal_by_token ON refusal (token_id, id DESC) WHERE token_id IS NOT NULL;
CREATE INDEX refusal_by_owner ON refusal (owner_id, id DESC) WHERE owner_id IS NOT NULL;
CREATE INDEX refusal_by_cause ON refusal (cause, id DESC);

-- For saying who revoked a token. Partial, so that the events of issuing cost nothing.
CREATE INDEX audit_event_by_revoked_token ON audit_event (token_id, id DESC) WHERE action = 'token.revoked';
