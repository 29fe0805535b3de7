"""Where rates come from: the catalogue that ships with the program."""
