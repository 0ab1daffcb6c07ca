"""The few pages for people."""

from html import escape

_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 3rem auto; padding: 0 1rem; color: #222 }
a { color: #0b57a4 }
td { padding: .2rem 1rem .2rem 0; vertical-align: top }
code, pre { background: #f2f2f2; padding: .1rem .3rem }
pre { padding: 1rem; overflow: auto }
@media (prefers-color-scheme: dark) {
  body { background: #181818; color: #ddd }
  a { color: #8ab8e6 }
  code, pre { background: #333 }
}
"""


def page(title: str, body: str) -> bytes:
    """A page of HTML.

    Args:
        title: Plain text.
        body: HTML.
    """
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body>{body}</body></html>"
    ).encode()
