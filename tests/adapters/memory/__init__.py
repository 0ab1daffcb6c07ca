"""Tests of the store in memory."""
