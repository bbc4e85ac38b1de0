"""Assertions for every refusal, in one place."""


def assert_problem(answer, status, **members):
    """Asserts a problem body and a refusal to look up; returns the body.

    The media type, the members, the real status in the body and one refusal id in field and body.
    """
    assert answer.status_code == status, f"{answer.status_code}: {answer.text[:400]}"
    assert answer.headers["content-type"].split(";")[0] == "application/problem+json"
    problem = answer.json()
    assert set(problem) >= {"type", "title", "status", "detail", "refusal"}, problem
    assert problem["status"] == status
    for member in ("type", "title", "detail", "refusal"):
        assert isinstance(problem[member], str), member
        assert problem[member], member
    assert answer.headers.get_list("tessera-refusal") == [problem["refusal"]]
    for name, value in members.items():
        assert problem[name] == value
    return problem


def challenge(answer):
    """The one Bearer challenge of an answer, as a dictionary. Each attribute once, each a quoted string."""
    [field] = answer.headers.get_list("www-authenticate")
    scheme, _, rest = field.partition(" ")
    assert scheme == "Bearer"
    attributes = {}
    while rest:
        name, _, rest = rest.partition('="')
        value, quote, rest = rest.partition('"')
        assert quote == '"', field
        assert name not in attributes, f"{name} twice"
        assert all(0x20 <= ord(character) <= 0x7E and character != "\\" for character in value), field
        attributes[name] = value
        rest = rest.removeprefix(",").lstrip(" ")
    assert attributes.get("realm"), field
    return attributes


def assert_unauthorized(answer, description=None):
    """401 with its challenge: no error code without credentials, otherwise `invalid_token` and why."""
    problem = assert_problem(answer, 401)
    attributes = challenge(answer)
    if description is None:
        assert "error" not in attributes
        assert "error_description" not in attributes
    else:
        assert attributes["error"] == "invalid_token"
        assert attributes["error_description"] == description
    return problem


def assert_insufficient_scope(answer, scope):
    """403 with a challenge that names the required scope."""
    problem = assert_problem(answer, 403)
    attributes = challenge(answer)
    assert attributes["error"] == "insufficient_scope"
    assert attributes["scope"] == scope
    return problem


def assert_violations(answer, *paths):
    """422 with a sentence for at least each of these paths."""
    problem = assert_problem(answer, 422)
    violations = {violation["path"]: violation["message"] for violation in problem["violations"]}
    assert set(paths) <= set(violations), violations
    assert all(violations.values())
    return problem
