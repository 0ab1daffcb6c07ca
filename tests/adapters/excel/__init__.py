"""Tests of Excel workbooks, through the eyes of their readers."""
