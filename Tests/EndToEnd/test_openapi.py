"""`/openapi.json` is valid OpenAPI 3.1 and matches the server."""

from openapi_spec_validator import OpenAPIV31SpecValidator


def test_document_is_sound(api):
    document = api.get("/openapi.json").json()
    assert document["openapi"].startswith("3.1.")
    faults = [fault.message for fault in OpenAPIV31SpecValidator(document).iter_errors()]
    assert faults == []


def test_document_names_routes_of_both(api):
    paths = api.get("/openapi.json").json()["paths"]
    assert {"get", "post"} <= paths["/api/tokens"].keys()
    assert {"get", "patch", "delete"} <= paths["/api/treasures/{id}"].keys()
    assert all(answers["operationId"] for path in paths.values() for answers in path.values())


def test_server_of_the_document_is_the_issuer(api, dragon):
    assert api.get("/openapi.json").json()["servers"] == [{"url": dragon.url}]


def test_copy_that_is_still_good_is_not_sent_again(api):
    first = api.get("/openapi.json")
    second = api.get("/openapi.json", headers={"If-None-Match": first.headers["etag"]})
    assert second.status_code == 304
    assert second.content == b""
    assert second.headers["etag"] == first.headers["etag"]
