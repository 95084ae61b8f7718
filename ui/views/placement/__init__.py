"""What the page "Where a hub?" shows of the question, the answer and what weighs it."""
