"""A plan over years: which hub comes first, for the money that there is every year."""
