"""Entrepot: land a file as a typed dataset; get statistics, histograms, Excel and Parquet out."""
