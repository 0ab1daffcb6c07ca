"""All that the core drives, in one value."""

from attrs import field, frozen

from entrepot_core.image import Renditions
from entrepot_core.limits import Limits
from entrepot_core.ports.blobs import Blobs
from entrepot_core.ports.catalogue import Catalogue
from entrepot_core.ports.clock import Clock
from entrepot_core.ports.editor import Editor
from entrepot_core.ports.fetcher import Fetcher
from entrepot_core.ports.images import Images
from entrepot_core.ports.imaging import Imaging
from entrepot_core.ports.importer import Importer
from entrepot_core.ports.jobs import Jobs
from entrepot_core.ports.records import Payloads, Records
from entrepot_core.ports.renderers import Charts, Workbooks
from entrepot_core.ports.tables import Tables


@frozen
class Driven:
    """One adapter for each driven port, and what the store was told.

    Attributes:
        image_fetcher: Fetches images; its limits are those of an image.
        image_bytes: The most bytes of an image.
        renditions: How platforms wish their images.
        renders_ahead: Whether renditions are made when an image comes, and not when they are first asked for.
        keep_versions: How many versions of a dataset are kept at the most; none for all of them.
        limits: How large a table may become.
    """

    catalogue: Catalogue
    blobs: Blobs
    fetcher: Fetcher
    importer: Importer
    tables: Tables
    editor: Editor
    workbooks: Workbooks
    charts: Charts
    clock: Clock
    jobs: Jobs
    records: Records
    payloads: Payloads
    images: Images
    imaging: Imaging
    image_fetcher: Fetcher
    image_bytes: int
    renditions: Renditions
    renders_ahead: bool = False
    keep_versions: int | None = None
    limits: Limits = field(factory=Limits)
