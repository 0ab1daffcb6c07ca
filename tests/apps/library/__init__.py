"""The library, as people import it."""
