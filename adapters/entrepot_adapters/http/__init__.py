"""Adapters that speak HTTP to others."""
