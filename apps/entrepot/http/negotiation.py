"""Which of the forms that an operation has a client wants: by ``format=``, else by its ``Accept`` header."""

from collections.abc import Iterator, Sequence

from entrepot.http.exchange import AnyRequest
from entrepot.http.problems import NotAcceptable
from entrepot_core.formats import Format, parse_format

HTML = "text/html"
JSON = Format.JSON.media_type


def choose_format(request: AnyRequest, named: str | None, formats: tuple[Format, ...], default: Format) -> Format:
    """The format to answer in.

    Args:
        request: Its ``Accept`` header decides where nothing is named.
        named: What ``format=`` says, if it is there.
        formats: What the operation can answer with.
        default: What a client gets that has no preference.

    Raises:
        UnknownFormat: ``named`` is not one of ``formats``.
        NotAcceptable: Nothing that the client accepts is.
    """
    if named is not None:
        return parse_format(named, formats)
    offered = {one.media_type: one for one in (default, *formats)}
    return offered[accepted(request, list(offered))]


def accepted(request: AnyRequest, offered: Sequence[str]) -> str:
    """The media type of those ``offered`` that the client likes best, the first of equals.

    Raises:
        NotAcceptable: It accepts none of them.
    """
    ranges = list(_ranges(request.headers.get("accept") or "*/*"))
    best = max(offered, key=lambda media_type: _quality(ranges, media_type))
    if _quality(ranges, best) <= 0:
        raise NotAcceptable(available=list(offered))
    return best


def likes(request: AnyRequest, wished: str, otherwise: str) -> bool:
    """Whether a client names a media type, or its family, and likes it as well as the other; ``*/*`` does not count."""
    ranges = list(_ranges(request.headers.get("accept", "")))
    named = [one for one in ranges if one[0] != "*/*"]
    quality = _quality(named, wished)
    return quality > 0 and quality >= _quality(ranges, otherwise)


def _ranges(header: str) -> Iterator[tuple[str, float]]:
    """The media ranges of an ``Accept`` header with their quality; what can't be read is passed over."""
    for part in header.split(","):
        media_range, *parameters = (piece.strip().lower() for piece in part.split(";"))
        given = [text[2:].strip() for text in parameters if text.startswith("q=")]
        try:
            quality = float(given[0]) if given else 1.0
        except ValueError:
            continue
        if "/" in media_range and 0 <= quality <= 1:
            yield media_range, quality


def _quality(ranges: list[tuple[str, float]], media_type: str) -> float:
    """How much a client likes a media type: what the most specific range that covers it says."""
    main = media_type.partition("/")[0]
    for covering in (media_type, f"{main}/*", "*/*"):
        found = [quality for media_range, quality in ranges if media_range == covering]
        if found:
            return max(found)
    return 0.0
