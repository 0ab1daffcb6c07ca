"""Tables in polars: how they are stored, read, profiled and encoded."""
