"""Files that the program brings along."""
