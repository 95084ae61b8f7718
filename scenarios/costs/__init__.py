"""What scenarios cost: vehicle-hours, paths, hubs and rides in euros, and what people get for it."""
