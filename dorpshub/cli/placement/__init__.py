"""The verbs that say where hubs should go: alone, or with what each should offer."""
