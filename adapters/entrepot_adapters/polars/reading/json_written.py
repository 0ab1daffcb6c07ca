"""Numbers of JSON as they are written, for columns that are to be text."""

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Self


class Written(float):
    """A number with a point or an exponent, and how it is written: floats lose digits, and ``1.10`` its zero."""

    text: str

    def __new__(cls, text: str) -> Self:
        """Take it as JSON's parser finds it."""
        made = super().__new__(cls, text)
        made.text = text
        return made


def settled(values: Mapping[str, Sequence[Any]], texts: Collection[str]) -> dict[str, Sequence[Any]]:
    """Values by member, as texts those of some members, the others with floats."""
    return {name: list(map(_text if name in texts else _float, some)) for name, some in values.items()}


def _text(value: Any) -> str | None:  # noqa: ANN401 - any value of JSON
    return value if value is None or isinstance(value, str) else _json(value)


def _json(value: Any) -> str:  # noqa: ANN401 - any value of JSON
    """JSON without spaces, in which numbers are written as they were."""
    match value:
        case dict():
            texts = list(map(_json, value.values()))
            names = (json.dumps(name, ensure_ascii=False) for name in value)
            return f"{{{','.join(map(':'.join, zip(names, texts, strict=True)))}}}"
        case list():
            return f"[{','.join(map(_json, value))}]"
        case Written():
            return value.text
        case _:
            return json.dumps(value, ensure_ascii=False)


def _float(value: Any) -> Any:  # noqa: ANN401 - any value of JSON
    match value:
        case dict():
            return dict(zip(value, map(_float, value.values()), strict=True))
        case list():
            return list(map(_float, value))
        case Written():
            return float(value)
        case _:
            return value
