"""What is told to Prometheus: how many requests there were and how long they took, and how the store is."""

from collections.abc import Iterable, Mapping

from attrs import define, field, frozen
from prometheus_client import CollectorRegistry, Histogram, ProcessCollector, disable_created_metrics
from prometheus_client.exposition import choose_encoder
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from entrepot_core.errors import EntrepotError
from entrepot_core.job import JobQuery, JobState
from entrepot_core.ports.operations import Operations
from entrepot_core.selection import DatasetQuery

_SECONDS = (0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 10.0, 60.0, 600.0)
"""Up to which durations requests are counted: a kept answer takes a tenth of a millisecond, an import minutes."""

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_GOING_ON: tuple[JobState, ...] = ("queued", "running")
_NONE, _OTHER = "none", "other"

# When each series began tells nobody anything, and would double their number.
disable_created_metrics()  # type: ignore[no-untyped-call]  # it has no types


@define
class Metrics:
    """Counts requests, and shows the counts with how the store is.

    Requests are counted by the route's template, never by their own path, and by the methods that there are: what
    strangers ask for makes no new series.

    Attributes:
        version: The software's version.
        folder: Where the processes of a server count together; none where there is but one. The library has to be told
            of it before it is imported (see ``entrepot.serving``).
    """

    version: str
    folder: str | None = None
    _registry: CollectorRegistry = field(factory=CollectorRegistry, init=False)
    _seconds: Histogram = field(init=False)
    _known: dict[tuple[str, str | None, int | None], Histogram] = field(factory=dict, init=False)

    def __attrs_post_init__(self) -> None:
        self._seconds = Histogram(
            "entrepot_http_request_duration_seconds",
            "Seconds from a request's beginning to its answer's end.",
            ("method", "route", "status"),
            registry=self._registry,
            buckets=_SECONDS,
        )
        ProcessCollector(registry=self._registry)

    def count(self, method: str, route: str | None, status: int | None, seconds: float) -> None:
        """Count a request.

        Args:
            method: Its method.
            route: The template of the path it took; none where it took no route.
            status: Its answer's status; none where it was broken off before there was one.
            seconds: How long it took.
        """
        key = method if method in _METHODS else _OTHER, route, status
        counted = self._known.get(key)
        if counted is None:
            labels = (_NONE if value is None else str(value) for value in key)
            counted = self._known[key] = self._seconds.labels(*labels)
        counted.observe(seconds)

    def shown(self, accept: str, parts: Mapping[str, bool], operations: Operations) -> tuple[bytes, str]:
        """All there is to tell, in the text format that is asked for, and the media type of that.

        Args:
            accept: The request's ``Accept``: OpenMetrics, or else Prometheus' own.
            parts: Whether the parts that the server needs are well.
            operations: The use cases, asked how much the store holds.
        """
        registry = CollectorRegistry()
        if self.folder is not None:
            # It knows of no process's memory or processor.
            MultiProcessCollector(registry, self.folder)  # type: ignore[no-untyped-call]  # it has no types
        else:
            registry.register(self._registry)
        registry.register(_Gauges(tuple(self._gauges(parts, operations))))
        encode, media_type = choose_encoder(accept)
        return encode(registry), media_type

    def _gauges(self, parts: Mapping[str, bool], operations: Operations) -> Iterable[Metric]:
        yield _gauge("entrepot_build_info", "The version that runs.", "version", {self.version: 1})
        yield _gauge("entrepot_part_up", "Whether a part that the server needs is well.", "part", parts)
        try:
            datasets = operations.list_datasets(DatasetQuery(limit=1)).total
            failing = operations.list_datasets(DatasetQuery(failing=True, limit=1)).total
            jobs = {str(state): operations.list_jobs(JobQuery(state=state, limit=1)).total for state in _GOING_ON}
        except EntrepotError:  # which part is down is told above
            return
        yield GaugeMetricFamily("entrepot_datasets", "Datasets in the store.", value=datasets)
        about = "Datasets whose source could not be fetched at the last attempt."
        yield GaugeMetricFamily("entrepot_datasets_failing", about, value=failing)
        yield _gauge("entrepot_jobs", "Jobs that go on, or wait for others.", "state", jobs)


@frozen(eq=False)
class _Gauges(Collector):
    """What was found for one answer."""

    metrics: tuple[Metric, ...]

    def collect(self) -> Iterable[Metric]:
        """What was found."""
        return self.metrics


def _gauge(name: str, about: str, label: str, values: Mapping[str, float]) -> Metric:
    family = GaugeMetricFamily(name, about, labels=(label,))
    for value, number in values.items():
        family.add_metric((value,), float(number))
    return family
