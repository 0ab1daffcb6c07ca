"""The command line: decode the words, one call, print."""
