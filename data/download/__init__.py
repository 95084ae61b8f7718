"""Files from servers: asked politely, checked, kept whole, and never half-written."""
