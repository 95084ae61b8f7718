"""What a page says about its view, in whole sentences."""
