"""Train the character model of repair and language identification from installed packages."""
