"""Finds out, from a text file's own bytes, how it is written."""
