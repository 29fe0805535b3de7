"""The parts of the report as a web page: markup, series, charts, tables; its assets beside them."""
