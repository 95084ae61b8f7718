"""Reports that a browser shows and a printer prints."""
