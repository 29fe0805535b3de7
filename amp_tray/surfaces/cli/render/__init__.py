"""Report documents as text: tables, charts, Markdown and CSV, each from the document alone."""
