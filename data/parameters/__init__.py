"""Numbers with their sources, each table beside its reader: norms, behaviour, visits, uncertainty."""
