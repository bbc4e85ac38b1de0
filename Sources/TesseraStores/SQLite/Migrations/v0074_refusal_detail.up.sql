-- What the answer to a refused request said was wrong, such as the violations of its body.
ALTER TABLE refusal ADD COLUMN detail TEXT;
