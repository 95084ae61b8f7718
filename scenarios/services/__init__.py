"""Hubs that offer several services: where they should stand and what each should offer, for a budget."""
