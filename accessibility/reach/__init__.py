"""How far one gets within some minutes: whom that reaches, and the land as areas."""
