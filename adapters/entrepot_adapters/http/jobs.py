"""The jobs of another Entrepot, over its HTTP API."""

from collections.abc import Iterator

from entrepot_adapters.http import following, parameters
from entrepot_adapters.http.answers import decode, transport_errors
from entrepot_adapters.http.connection import RemoteConnection, path_to
from entrepot_core.dialect import Report
from entrepot_core.job import Job, JobId, JobPage, JobQuery
from entrepot_core.names import DatasetRef
from entrepot_core.views import DatasetView


class RemoteJobs(RemoteConnection):
    """What ``RemoteOperations`` does with jobs."""

    def list_jobs(self, query: JobQuery) -> JobPage:
        """List the jobs that fit, a page of them."""
        return decode(self._get("jobs/", parameters.of_jobs(query)), JobPage)

    def get_job(self, job_id: JobId) -> Job:
        """Show a job as it is now."""
        return decode(self._get(following.path_of(job_id), []), Job)

    def watch_job(self, job_id: JobId) -> Iterator[Job]:
        """Show a job whenever it has changed, until it has ended."""
        return following.watch(self._client, self._url, job_id)

    def cancel_job(self, job_id: JobId) -> Job:
        """Ask for a job to be cancelled."""
        with transport_errors(self._url):
            return decode(self._client.delete(following.path_of(job_id)), Job)

    def _made(self, job: Job, report: Report) -> DatasetView:
        """The dataset that a job makes or changes, once it has."""
        ended = following.outcome(self.watch_job(job.id), report, lambda: self.cancel_job(job.id))
        made = DatasetRef(ended.dataset or "")
        return decode(self._get(path_to(made), parameters.of_version(ended.version)), DatasetView)
