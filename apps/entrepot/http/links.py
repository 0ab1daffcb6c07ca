"""Links: where things are, always by their canonical path, as the client sees it."""

from collections.abc import Iterable, Mapping
from urllib.parse import quote, urlencode

import msgspec

from entrepot.http.cors import COLLECTIONS
from entrepot.http.exchange import PREFIX
from entrepot.http.parameters import Given
from entrepot.http.prefixes import seen
from entrepot_core.job import Job, JobId
from entrepot_core.views import DatasetView

PARTS = ("rows", "schema", "stats", "statistics", "plot", "excel", "export", "file", "rejects")
"""What there is below a dataset at a version."""

HISTORY = ("versions", "diff")
"""What there is below a dataset about all its versions."""


class Link(msgspec.Struct, frozen=True):
    """A link in HAL form."""

    href: str


Links = dict[str, Link]


def path_to(*segments: str) -> str:
    """The canonical path of something, with the slash at its end."""
    return seen(_below(PREFIX, segments))


def _below(start: str, segments: Iterable[str]) -> str:
    return "/".join([start, *(quote(segment, safe="") for segment in segments), ""])


def dataset_links(dataset: DatasetView, *, pinned: bool) -> Links:
    """Where a dataset and its parts are; at the version seen where the client had ``pinned`` one."""
    query = f"?version={dataset.version}" if pinned else ""
    here = path_to("datasets", dataset.id)
    absent = {"file": dataset.file_name is None, "rejects": dataset.import_report.rejected == 0}
    parts = [part for part in PARTS if not absent.get(part)]
    at_version = {part: Link(f"{here}{part}/{query}") for part in parts}
    others = {part: Link(f"{here}{part}/") for part in (*HISTORY, *(["images"] if dataset.images else []))}
    collection = {"collection": Link(path_to_collection(dataset.name))} if dataset.published else {}
    return {"self": Link(here + query), **at_version, **others, **collection}


def path_to_collection(*segments: str) -> str:
    """The path of a collection, of what is in it, or of all collections; with the slash at its end."""
    return seen(_below(COLLECTIONS, segments))


def url_of_collection(server: str, *segments: str) -> str:
    """The same as a whole URL, behind that of the server, which ends with what the client sees paths below."""
    return _below(server + COLLECTIONS, segments)


def version_links(dataset: str, version: int) -> Links:
    """Where a dataset of this id is at a version, and its rows then."""
    here = path_to("datasets", dataset)
    return {"self": Link(f"{here}versions/{version}/"), "rows": Link(f"{here}rows/?version={version}")}


def path_to_job(job: JobId) -> str:
    """The canonical path of a job."""
    return seen(f"{PREFIX}/jobs/{job}")


def job_links(job: Job) -> Links:
    """Where a job and its events are, and what it made."""
    here = path_to_job(job.id)
    made = {} if job.dataset is None else {"dataset": Link(path_to("datasets", job.dataset))}
    return {"self": Link(here), "events": Link(f"{here}/events"), **made}


class Pages(msgspec.Struct, frozen=True):
    """Where the pages of a list are: this one, the first, the one before, the one after."""

    self: str
    first: str
    prev: str | None
    next: str | None

    @property
    def links(self) -> Links:
        """As HAL links; what isn't there is left out."""
        named = {"self": self.self, "first": self.first, "prev": self.prev, "next": self.next}
        return {name: Link(href) for name, href in named.items() if href is not None}

    @property
    def header(self) -> str:
        """As a ``Link`` header (RFC 8288)."""
        named = {"first": self.first, "prev": self.prev, "next": self.next}
        return ", ".join(f'<{href}>; rel="{name}"' for name, href in named.items() if href is not None)


def pages(
    path: str, given: Given, *, limit: int, offset: int, following: str | None = None, total: int | None = None
) -> Pages:
    """The pages around one.

    Args:
        path: The list's canonical path.
        given: The query that this page was asked for by.
        limit: How many items a page has.
        offset: How many items come before this page.
        following: The cursor of the page after it.
        total: How many items there are, in a list that has no cursors.
    """
    kept = {name: texts for name, texts in given.items() if name not in {"offset", "cursor"}}
    before, after = max(0, offset - limit), offset + limit
    place = {"cursor": [following]} if following else {"offset": [str(after)]} if after < (total or 0) else None
    return Pages(
        self=_url(path, given),
        first=_url(path, kept),
        prev=_url(path, {**kept, **({"offset": [str(before)]} if before else {})}) if offset else None,
        next=None if place is None else _url(path, {**kept, **place}),
    )


def _url(path: str, query: Mapping[str, list[str]]) -> str:
    return f"{path}?{urlencode(query, doseq=True)}" if query else path
