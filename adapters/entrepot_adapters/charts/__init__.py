"""Charts, drawn by matplotlib."""

from entrepot_adapters.charts.matplotlib_charts import MatplotlibCharts

__all__ = ["MatplotlibCharts"]
