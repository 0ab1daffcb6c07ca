import pytest

from entrepot_core.errors import FetchFailed


@pytest.mark.parametrize("answered", [None, 408, 425, 429, 500, 502, 503, 504])
def test_trying_again_may_help_where_there_was_no_answer_or_one_that_says_not_now(answered: int | None) -> None:
    assert FetchFailed(url="https://example.org/", reason="it said no", answered=answered).is_passing


@pytest.mark.parametrize("answered", [206, 302, 304, 400, 401, 403, 404, 410, 451, 501, 505])
def test_trying_again_does_not_help_where_the_answer_is_a_plain_no(answered: int) -> None:
    assert not FetchFailed(url="https://example.org/", reason="it said no", answered=answered).is_passing
