"""Files of each format, read into columns."""
