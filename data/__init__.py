"""Outside world to checked, frozen columns: readers of files, and the region they make up."""
