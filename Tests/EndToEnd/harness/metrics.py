"""The metrics of a server in `/metrics`."""

import re

from prometheus_client.parser import text_string_to_metric_families

from harness.program import ROOT


def metrics(server):
    """Every sample, by name and labels, as Prometheus' own parser reads it."""
    with server.client() as client:
        answer = client.get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    families = list(text_string_to_metric_families(answer.text))
    for family in families:
        assert family.documentation.endswith("."), family.name
        assert family.type in ("counter", "gauge"), family.name
        names = {sample.name for sample in family.samples}
        assert names <= {f"{family.name}_total" if family.type == "counter" else family.name}, names
    samples = [sample for family in families for sample in family.samples]
    found = {(sample.name, *sorted(sample.labels.values())): sample.value for sample in samples}
    assert len(found) == len(samples), "no sample is there twice"
    return found


def documented():
    """The names in Documentation/operations.md: for every store, for PostgreSQL, and for a replica."""
    [watch] = (ROOT / "Documentation/operations.md").read_text().split("## Watch")[1:]
    watch = watch.split("\n## ")[0]
    parts = re.split("PostgreSQL adds these metrics:|A replica adds these metrics:", watch)
    return [set(re.findall(r"`((?:tessera|process)_[a-z_]+)", part)) for part in parts]
