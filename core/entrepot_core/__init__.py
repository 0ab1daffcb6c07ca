"""Entrepot's core: values, ports and use cases; the standard library, attrs and msgspec only."""
