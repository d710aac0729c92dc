"""What the pages share: helpers that can be tested without a browser, and the drawing of things that several pages show."""
