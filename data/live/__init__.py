"""Live sources: observed files from the internet, cut to a region and turned into its layers."""
