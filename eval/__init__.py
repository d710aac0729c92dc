"""Questions with gold answers in, a report out."""
