"""Changes tables that are stored as Parquet parts."""

from entrepot_adapters.polars.editing.editor import PolarsEditor

__all__ = ["PolarsEditor"]
