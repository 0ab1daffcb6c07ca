"""The ports: what drives the core (``operations``) and what the core drives (all others)."""
