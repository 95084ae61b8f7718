"""The verbs about scenarios beside each other: what they change, and what they cost."""
