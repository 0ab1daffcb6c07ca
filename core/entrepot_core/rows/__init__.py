"""Rows of a table as people ask for them and change them: queries, filters, values and edits."""
