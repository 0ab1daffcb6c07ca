"""Files damaged in all the ways that people's files are, each with the table that should come of it."""
