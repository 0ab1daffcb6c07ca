"""Tests of blobs as files."""
