"""The customisable contraction hierarchy of the streets, and the sweeps over it."""
