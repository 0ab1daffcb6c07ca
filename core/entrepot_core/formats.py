"""The formats that come in and go out, with their media types and file endings."""

from enum import StrEnum

from entrepot_core.errors import UnknownFormat


class Format(StrEnum):
    """A file format, by the name it has in ``?format=`` and ``--format``."""

    CSV = "csv"
    TSV = "tsv"
    JSON = "json"
    NDJSON = "ndjson"
    PARQUET = "parquet"
    ARROW = "arrow"
    XLSX = "xlsx"
    PDF = "pdf"
    SVG = "svg"
    PNG = "png"

    @property
    def media_type(self) -> str:
        """The media type under which the format is sent."""
        return _MEDIA_TYPES[self]

    @property
    def content_type(self) -> str:
        """The media type, with the charset where a client would otherwise guess one."""
        text = self in {Format.CSV, Format.TSV, Format.NDJSON}
        return f"{self.media_type}; charset=utf-8" if text else self.media_type

    @property
    def is_text_of_dates(self) -> bool:
        """Whether the format holds dates as text, so that readers such as pandas see text."""
        return self in {Format.CSV, Format.TSV, Format.JSON, Format.NDJSON}


class Compression(StrEnum):
    """How a file may be packed."""

    GZIP = "gzip"
    ZSTD = "zstd"

    @property
    def media_type(self) -> str:
        """The media type of a file that is packed so."""
        return f"application/{self}"

    @property
    def ending(self) -> str:
        """The file ending, with its dot."""
        return {Compression.GZIP: ".gz", Compression.ZSTD: ".zst"}[self]


_MEDIA_TYPES = {
    Format.CSV: "text/csv",
    Format.TSV: "text/tab-separated-values",
    Format.JSON: "application/json",
    Format.NDJSON: "application/x-ndjson",
    Format.PARQUET: "application/vnd.apache.parquet",
    Format.ARROW: "application/vnd.apache.arrow.stream",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.PDF: "application/pdf",
    Format.SVG: "image/svg+xml",
    Format.PNG: "image/png",
}

TABLE_FORMATS = (
    Format.CSV, Format.TSV, Format.JSON, Format.NDJSON, Format.PARQUET, Format.ARROW, Format.XLSX,
)  # fmt: skip
"""The formats a table comes in and goes out in."""

CHART_FORMATS = (Format.PDF, Format.SVG, Format.PNG)
"""The formats a chart is drawn in."""

_ALIASES = {
    "application/ndjson": Format.NDJSON,
    "application/jsonl": Format.NDJSON,
    "application/x-jsonlines": Format.NDJSON,
    "application/csv": Format.CSV,
    "application/parquet": Format.PARQUET,
    "application/x-parquet": Format.PARQUET,
    "application/vnd.apache.arrow.file": Format.ARROW,
    "text/tsv": Format.TSV,
}

_PACKED = (".gz", ".gzip", ".zst", ".zstd")
"""The endings of packed files, which stand behind that of what they hold."""

_ENDINGS = {
    ".csv": Format.CSV,
    ".txt": Format.CSV,
    ".tsv": Format.TSV,
    ".tab": Format.TSV,
    ".json": Format.JSON,
    ".ndjson": Format.NDJSON,
    ".jsonl": Format.NDJSON,
    ".parquet": Format.PARQUET,
    ".pq": Format.PARQUET,
    ".arrow": Format.ARROW,
    ".arrows": Format.ARROW,
    ".feather": Format.ARROW,
    ".ipc": Format.ARROW,
    ".xlsx": Format.XLSX,
    ".pdf": Format.PDF,
    ".svg": Format.SVG,
    ".png": Format.PNG,
}


def parse_format(text: str, allowed: tuple[Format, ...] = TABLE_FORMATS) -> Format:
    """Read a format's name, ``csv`` say.

    Raises:
        UnknownFormat: It is none of ``allowed``.
    """
    try:
        found = Format(text.lower())
    except ValueError:
        found = None
    if found is None or found not in allowed:
        raise UnknownFormat(format=text[:100], formats=[str(one) for one in allowed])
    return found


def format_of_media_type(media_type: str) -> Format | None:
    """The format a media type names, parameters aside, or none."""
    bare = media_type.partition(";")[0].strip().lower()
    by_name = {name: one for one, name in _MEDIA_TYPES.items()}
    return by_name.get(bare) or _ALIASES.get(bare)


def format_of_file_name(file_name: str) -> Format | None:
    """The format a file's ending suggests, or none."""
    file_name = unpacked_name(file_name)
    dot = file_name.rfind(".")
    return _ENDINGS.get(file_name[dot:].lower()) if dot >= 0 else None


def unpacked_name(file_name: str) -> str:
    """A file's name once it is unpacked.

    >>> unpacked_name("cars.csv.gz"), unpacked_name("cars.csv"), unpacked_name(".gz")
    ('cars.csv', 'cars.csv', '.gz')
    """
    stem, dot, ending = file_name.rpartition(".")
    return stem if stem and f"{dot}{ending}".lower() in _PACKED else file_name


def ending_of(media_type: str) -> str:
    """The file ending, with its dot, for a media type; empty where it is unknown."""
    found = format_of_media_type(media_type)
    return f".{found}" if found else ""
