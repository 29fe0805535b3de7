"""The rows of the menu, a module for each of its groups."""
