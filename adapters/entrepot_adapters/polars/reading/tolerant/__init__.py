"""Reads delimited files that break the rules of their format, and mends them."""
