"""The connections to another Entrepot."""

import httpx

from entrepot_adapters.http import parameters
from entrepot_adapters.http.answers import check, decode, download, transport_errors
from entrepot_core.download import Download
from entrepot_core.errors import DatasetNotFound, Stale
from entrepot_core.names import DatasetRef, may_be_ref
from entrepot_core.views import DatasetView

ASYNC = {"Prefer": "respond-async"}
"""Has a server begin a job, and not wait for its end."""

WORK = httpx.Timeout(3600, connect=10, write=120)
"""Seconds that a server may work before it answers, for a large file takes long to be read in."""
BEGIN = httpx.Timeout(600, connect=10, write=120)
"""Those to begin with a download, for charts of thousands of columns take long to be drawn, or with a job."""
SHORT = httpx.Timeout(120, connect=10)
"""Those for an answer for which little is to be done."""


class RemoteConnection:
    """Asks a server; what is common to the parts of ``RemoteOperations``."""

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/").removesuffix("/api/v1")  # as it is pasted from a link
        with transport_errors(self._url):
            self._client = httpx.Client(base_url=f"{self._url}/api/v1/", timeout=WORK, follow_redirects=False)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _get(self, path: str, fields: parameters.Fields) -> httpx.Response:
        with transport_errors(self._url):
            return self._client.get(path, params=tuple(fields), timeout=SHORT)

    def _download(self, path: str, fields: parameters.Fields, headers: dict[str, str] | None = None) -> Download:
        with transport_errors(self._url):
            request = self._client.build_request("GET", path, params=tuple(fields), headers=headers, timeout=BEGIN)
            response = self._client.send(request, stream=True)
            try:
                check(response)
            except BaseException:
                response.close()
                raise
        return download(response, self._url)

    def _if_match(self, ref: DatasetRef, expected: int | None) -> dict[str, str]:
        """The precondition that makes the server refuse a change of anything but this revision."""
        if expected is None:
            return {}
        seen = decode(self._get(path_to(ref), []), DatasetView)
        if seen.revision != expected:
            raise Stale(ref=ref)
        return {"If-Match": f'"{seen.id}-{seen.revision}-{seen.version}"'}


def path_to(ref: DatasetRef, tail: str = "") -> str:
    """The path of a dataset, or of something below it.

    Raises:
        DatasetNotFound: It is no dataset's name or id.
    """
    if not may_be_ref(ref):
        raise DatasetNotFound(ref=ref)
    return f"datasets/{ref}/{tail}"
