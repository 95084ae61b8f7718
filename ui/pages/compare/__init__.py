"""The page Vergelijk: two to four scenarios side by side."""
