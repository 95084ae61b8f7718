"""What a visitor has chosen, what is kept for all visitors, and what runs in the background."""
