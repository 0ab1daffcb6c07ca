"""Imports in processes of their own, which are locked down before they see a file.

Nothing is imported here: the worker itself begins in this package, and each import makes its start longer.
"""
