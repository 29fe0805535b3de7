"""The methods of the wire: one module a family, one table that lists them all by hand."""
