"""Large questions cut into blocks, worked out by the workers of a Dask cluster."""
