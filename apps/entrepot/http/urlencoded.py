"""Names and texts encoded as in URLs: queries, and forms without a file."""

from urllib.parse import parse_qs

from entrepot.http.problems import InvalidRequest


def read_urlencoded(encoded: bytes, what: str, *, most: int | None = None) -> dict[str, list[str]]:
    """The names that were given and, for each, its texts in order.

    Args:
        encoded: What came; characters beyond ASCII as their bytes of UTF-8, which some clients send without a ``%``.
        what: What it is, for messages.
        most: How many texts there may be.

    Raises:
        InvalidRequest: Some bytes are no UTF-8: with others in their place, a filter would look for another text.
        ValueError: There are more texts.
    """
    try:
        return parse_qs(encoded.decode(), keep_blank_values=True, errors="strict", max_num_fields=most)
    except UnicodeDecodeError as error:
        wrong = f"%{error.object[error.start]:02X}"
        reason = f"{what} is not UTF-8: it has {wrong} where a character begins or goes on. ü, say, is %C3%BC there."
        raise InvalidRequest(reason=reason) from error
