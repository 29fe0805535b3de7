"""Starting at login: one module a way of the system's, and `login` over them."""
