"""Answers questions about stored tables: which rows fit, in which order, and what is in them."""
