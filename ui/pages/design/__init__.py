"""The page Ontwerp: change things on the map, see what happens."""
