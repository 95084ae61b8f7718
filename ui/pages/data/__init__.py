"""The page Over de gegevens: what is observed and modelled, own files, quality."""
