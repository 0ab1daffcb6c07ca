"""All that the core drives, in one value."""

from attrs import frozen

from entrepot_core.ports.blobs import Blobs
from entrepot_core.ports.catalogue import Catalogue
from entrepot_core.ports.clock import Clock
from entrepot_core.ports.fetcher import Fetcher
from entrepot_core.ports.importer import Importer
from entrepot_core.ports.jobs import Jobs
from entrepot_core.ports.renderers import Charts, Workbooks
from entrepot_core.ports.tables import Tables


@frozen
class Driven:
    """One adapter for each driven port."""

    catalogue: Catalogue
    blobs: Blobs
    fetcher: Fetcher
    importer: Importer
    tables: Tables
    workbooks: Workbooks
    charts: Charts
    clock: Clock
    jobs: Jobs
