"""Makes code of the examples in docstrings, where Markdown would see quotes and links."""

from typing import Any

import griffe


class FencedExamples(griffe.Extension):
    """Fences the examples in every docstring."""

    def on_object(self, *, obj: griffe.Object, **_: Any) -> None:  # noqa: ANN401 - griffe's signature
        """Change an object's docstring, if it has examples."""
        if obj.docstring is not None:
            obj.docstring.value = _fenced(obj.docstring.value)


def _fenced(text: str) -> str:
    if ">>>" not in text:
        return text
    paragraphs = text.split("\n\n")
    return "\n\n".join(_code(part) if part.lstrip().startswith(">>> ") else part for part in paragraphs)


def _code(paragraph: str) -> str:
    return f"```pycon\n{paragraph.strip(chr(10))}\n```"
