"""What a file of results says of itself: its columns, what it rests on, and in which forms that is told."""
